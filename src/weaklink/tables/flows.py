"""Which columns do tables of trade flows share?"""

from __future__ import annotations

from weaklink.columns import Column, TableSchema

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

CUSTOMS = TableSchema(
    "customs",
    "what one country imported of one product from another in one year, and by how many firms",
    (
        *FLOWS.columns,
        Column("declarations", "integer", "rows", "rows of the customs data that were added up"),
        Column("firms", "integer", "firms", "firms that imported it from this country"),
        Column(
            "top_firm_share",
            "number",
            "share, 0 to 1",
            "share of the largest of these firms in the flow",
            "max_f m_f / Σ_f m_f, m_f the imports of firm f",
        ),
        Column(
            "product_firms",
            "integer",
            "firms",
            "firms that imported the product from anywhere; few of them reinforce a vulnerability",
            "",
            "the idea: Jaravel and Méjean (2021), Note du CAE 64",
        ),
    ),
)

IMPORTS_USD = Column(
    "imports_usd",
    "integer",
    "US dollars, current",
    "imports from outside the bloc",
    "M = Σ_s m_s, m_s the imports of all members from supplier s outside the bloc",
    "CEPII BACI value of trade; flows between members are left out",
)

TOP_SUPPLIER = Column(
    "top_supplier",
    "text",
    "ISO 3166 alpha-3",
    "largest supplier outside the bloc; of equals, the first in alphabetical order",
    "argmax_s m_s",
)
