"""What does each column on blocs, products, data sets and problems mean?"""

from __future__ import annotations

from weaklink.columns import Column, TableSchema
from weaklink.tables.flows import PRODUCT

BLOC_MEMBERS = TableSchema(
    "bloc_members",
    "one country of a bloc on a day",
    (
        Column("iso3", "text", "ISO 3166 alpha-3", "the country"),
        Column("name", "text", "", "English short name"),
        Column("bloc", "text", "", "the bloc, or empty for a country named by itself"),
        Column("status", "text", "", "member, invitee or partner"),
        Column("since", "text", "ISO date", "first day of the membership"),
        Column("until", "text", "ISO date", "first day on which it is over; empty while it lasts"),
        Column("regime", "text", "", "class of the political regime in that year; empty where not classed"),
        Column("source", "text", "", "the document that the row rests on"),
    ),
)

BLOC_NAMES = TableSchema(
    "bloc_names",
    "one bloc that an expression can name",
    (
        Column("bloc", "text", "", "name of the bloc in expressions"),
        Column("title", "text", "", "full name"),
        Column("aliases", "text", "", "other names that are understood"),
        Column("note", "text", "", "what the rows of the bloc count and what they leave out"),
    ),
)

PRODUCT_MATCHES = TableSchema(
    "product_matches",
    "one product code that fits the words",
    (
        PRODUCT,
        Column("nomenclature", "text", "", "edition of the Harmonized System"),
        Column("label", "text", "", "label of the code in that edition"),
        Column("score", "number", "0 to 100", "how well the words fit; 100 is exact"),
        Column("how", "text", "", "what fitted: a synonym, all words, or a spelling"),
    ),
)

DATASETS = TableSchema(
    "datasets",
    "one data set that can be asked",
    (
        Column("name", "text", "", "name to give to --data"),
        Column("kind", "text", "", "embedded in the product, or a snapshot that you added"),
        Column("vintage", "text", "", "release of the source"),
        Column(
            "nomenclature", "text", "", "edition of the Harmonized System; empty where it has no products"
        ),
        Column("years", "text", "", "first and last year"),
        Column("rows", "integer", "rows", "number of rows"),
        Column("licence", "text", "", "terms of the source"),
        Column("source", "text", "", "who published it"),
        Column("sha256", "text", "", "digest of the stored file"),
    ),
)

VERIFICATION = TableSchema(
    "verification",
    "whether one stored file is still what was stored",
    (
        Column("name", "text", "", "data set"),
        Column("sha256", "text", "", "digest recorded when the file was stored"),
        Column("state", "text", "", "intact, or what is wrong with it"),
    ),
)

PROBLEMS = TableSchema(
    "problems",
    "one thing that is wrong with a file",
    (
        Column("file", "text", "", "name of the file"),
        Column("row", "integer", "line of the file, from 1", "where; empty where the whole file is meant"),
        Column("column", "text", "", "column of the file"),
        Column("value", "text", "", "what stands there"),
        Column("expected", "text", "", "what was expected"),
        Column("remedy", "text", "", "what to do"),
    ),
)
