"""What does each column of each table mean, and in which unit?

Every table that the product stores or prints is declared here, once. Headers, documentation, the formula
that `explain` prints and the Arrow types all follow from these declarations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "integer", "number"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `kind` text, integer (64 bits) or number (double); `unit` in words, empty for text.

    `formula` and `source` are given for indicators: what is computed, in the letters of the docs, and
    who published it.
    """

    name: str
    kind: Kind
    unit: str
    meaning: str
    formula: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class TableSchema:
    """A declared table: its name, the question that a row answers, and its columns in order."""

    name: str
    row: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """The declaration of one column; KeyError where the table has none of that name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)


YEAR = Column("year", "integer", "calendar year", "year of the trade flow")
PRODUCT = Column("product", "text", "", "six-digit product code, text, in the nomenclature of the data set")
LABEL = Column("label", "text", "", "short name of the product; the source's own label is in the data set")
IMPORTER = Column("importer", "text", "ISO 3166 alpha-3", "country that imports")
EXPORTER = Column("exporter", "text", "ISO 3166 alpha-3", "country that exports; ZZZ where not identified")
VALUE_USD = Column("value_usd", "integer", "US dollars, current", "value of the flow")
QUANTITY_KG = Column("quantity_kg", "integer", "kilograms", "net mass of the flow; empty where not reported")

FLOWS = TableSchema(
    "flows",
    "what one country imported of one product from another in one year",
    (YEAR, PRODUCT, IMPORTER, EXPORTER, VALUE_USD, QUANTITY_KG),
)

IMPORTS_USD = Column(
    "imports_usd",
    "integer",
    "US dollars, current",
    "imports from outside the bloc",
    "M = Σ_s m_s, m_s the imports of all members from supplier s outside the bloc",
    "CEPII BACI value of trade; flows between members are left out",
)
HERFINDAHL = Column(
    "herfindahl",
    "number",
    "0 to 1",
    "concentration of suppliers: Herfindahl-Hirschman index of imports from outside the bloc",
    "H = Σ_s (m_s / Σ_s m_s)², s the identified suppliers outside the bloc",
    "Hirschman (1964), American Economic Review 54(5), 761; CDI1 of European Commission SWD(2021)352",
)
TOP_SUPPLIER = Column(
    "top_supplier",
    "text",
    "ISO 3166 alpha-3",
    "largest supplier outside the bloc; of equals, the first in alphabetical order",
    "argmax_s m_s",
)
TOP_SHARE = Column(
    "top_share",
    "number",
    "share, 0 to 1",
    "share of the largest supplier in imports from identified suppliers",
    "max_s m_s / Σ_s m_s",
)
GROUP_SHARE = Column(
    "group_share",
    "number",
    "share, 0 to 1",
    "share of the chosen supplier group in imports from identified suppliers",
    "Σ_{s in group} m_s / Σ_s m_s",
)
COVERAGE = Column(
    "coverage",
    "number",
    "share, 0 to 1",
    "share of import value in flows with an identified supplier and, by quantity, a known quantity",
    "Σ value of usable import flows / Σ value of all import flows",
)

SCREEN = TableSchema(
    "screen",
    "how the importer depends on suppliers of one product in one year",
    (
        PRODUCT,
        LABEL,
        IMPORTS_USD,
        TOP_SUPPLIER,
        TOP_SHARE,
        GROUP_SHARE,
        Column(
            "group_share_change",
            "number",
            "share points",
            "group_share less its value five years earlier; empty where that year has no data",
            "group_share(year) - group_share(year - 5)",
        ),
        HERFINDAHL,
        Column(
            "external_share",
            "number",
            "share, 0 to 1",
            "share of all the members' imports that comes from outside the bloc",
            "M / (M + I), I the imports of members from members",
            "CDI2 of European Commission SWD(2021)352",
        ),
        Column(
            "import_export_ratio",
            "number",
            "ratio, 0 and above",
            "imports over exports; empty where there are no exports (CEPII GeoDep writes 9999 there)",
            "M / X",
            "CDI3 of European Commission SWD(2021)352; Lefebvre and Wibaux (2024), CEPII GeoDep",
        ),
        Column(
            "world_export_herfindahl",
            "number",
            "0 to 1",
            "concentration of the world's exporters, each country by itself, all flows counted",
            "Σ_e (w_e / Σ_e w_e)², w_e the world exports of country e",
            "second criterion of CEPII GeoDep; Lefebvre and Wibaux (2024), CEPII Policy Brief 47",
        ),
        Column(
            "suppliers",
            "integer",
            "suppliers",
            "number of identified suppliers outside the bloc",
            "number of s with m_s > 0",
        ),
        COVERAGE,
        Column(
            "effective_suppliers",
            "number",
            "suppliers",
            "the number of equal suppliers that would be as concentrated",
            "1 / H",
            "Laakso and Taagepera (1979), Comparative Political Studies 12(1), 3",
        ),
        Column(
            "group_imports_usd",
            "integer",
            "US dollars, current",
            "imports from the chosen supplier group",
            "Σ value of import flows from suppliers in the group",
        ),
        Column(
            "top_regime",
            "text",
            "",
            "class of the largest supplier's political regime in that year",
            "",
            "Regimes of the World (V-Dem): Lührmann et al. (2018), Politics and Governance 6(1), 60",
        ),
        Column(
            "exports_usd",
            "integer",
            "US dollars, current",
            "exports of the members to the outside of the bloc",
            "X = Σ value of flows from members to others",
            "CEPII BACI value of trade; flows between members are left out",
        ),
        Column(
            "imports_kg", "integer", "kilograms", "imports from outside the bloc, reported quantities only"
        ),
        Column(
            "world_coverage",
            "number",
            "share, 0 to 1",
            "as coverage, for the world's exports",
            "Σ value of usable world flows / Σ value of all world flows",
        ),
    ),
)

HISTORY = TableSchema(
    "history",
    "how the dependence on one product stood in one year",
    (
        YEAR,
        PRODUCT,
        LABEL,
        IMPORTS_USD,
        HERFINDAHL,
        TOP_SUPPLIER,
        TOP_SHARE,
        GROUP_SHARE,
        COVERAGE,
    ),
)

SUPPLIERS = TableSchema(
    "suppliers",
    "how much the importer bought of one product from one supplier in one year",
    (
        YEAR,
        PRODUCT,
        LABEL,
        Column("supplier", "text", "ISO 3166 alpha-3", "supplier outside the bloc; ZZZ where not identified"),
        Column("supplier_name", "text", "", "English short name of the supplier"),
        Column("regime", "text", "", "class of the supplier's political regime in that year"),
        Column("in_group", "text", "yes or no", "whether the supplier belongs to the chosen group"),
        VALUE_USD,
        QUANTITY_KG,
        Column(
            "share",
            "number",
            "share, 0 to 1",
            "share in imports from identified suppliers; empty for ZZZ",
            "m_s / Σ_s m_s",
        ),
    ),
)

EXPLANATION = TableSchema(
    "explanation",
    "one row of the source that a figure was computed from",
    (
        YEAR,
        PRODUCT,
        IMPORTER,
        EXPORTER,
        VALUE_USD,
        QUANTITY_KG,
        Column("role", "text", "", "what the flow counts as: import, internal, export, or world"),
        Column("group", "text", "yes or no", "whether the exporter belongs to the chosen supplier group"),
        Column("vintage", "text", "", "release of the source"),
        Column("licence", "text", "", "licence of the source"),
    ),
)

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

ALL = (
    FLOWS,
    SCREEN,
    HISTORY,
    SUPPLIERS,
    EXPLANATION,
    BLOC_MEMBERS,
    BLOC_NAMES,
    PRODUCT_MATCHES,
    DATASETS,
    VERIFICATION,
    PROBLEMS,
)
