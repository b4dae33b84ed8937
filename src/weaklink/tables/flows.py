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
