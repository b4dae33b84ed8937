"""Which column of a customs file is what? The form of the TOML file that says so."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from weaklink.codes.products import NOMENCLATURES
from weaklink.provenance import Card

Scale = Annotated[str, Field(pattern=r"^\d{1,6}(\.\d{1,6})?$")]
DateForm = Literal["YYYY-MM-DD", "YYYYMMDD", "YYYY-MM", "YYYYMM", "YYYY"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Columns(_Part):
    """The names of the columns, as they stand in the files."""

    date: str = Field(min_length=1, description="day, month or year of the customs declaration")
    product: str = Field(min_length=1, description="commodity code; its first six digits are taken")
    importer: str = Field(default="", description="country that imports; or say `importer` for all rows")
    exporter: str = Field(min_length=1, description="country of origin or consignment")
    value: str = Field(min_length=1, description="value")
    quantity: str = Field(default="", description="net mass; without it every quantity is unknown")
    firm: str = Field(
        default="", description="identifier of the importing firm; without it firms are not counted"
    )

    def named(self) -> dict[str, str]:
        """Each field that is in the files, and the name of its column."""
        return {field: name for field, name in self.model_dump().items() if name}


class Customs(_Part):
    """What must be known to read customs microdata: rows by day or month, product, partner and firm."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$", description="what the data set is called")
    source: str = Field(min_length=1, description="who made the data")
    licence: str = Field(min_length=1, description="on which terms they may be used")
    vintage: str = Field(min_length=1, description="release, or the day on which they were drawn")
    nomenclature: str = Field(description="edition of the Harmonized System of the first six digits")
    columns: Columns
    importer: str = Field(
        default="", pattern=r"^([A-Z]{3})?$", description="ISO3 of who imports, in all rows"
    )
    date_form: DateForm = Field(default="YYYY-MM-DD", description="how a date is written")
    product_digits: int = Field(default=6, ge=6, le=12, description="digits of a commodity code")
    usd_per_unit: Scale = Field(
        default="1", description="US dollars in one unit of value: 1000 for thousands"
    )
    kg_per_unit: Scale = Field(default="1", description="kilograms in one unit of quantity: 1000 for tonnes")
    unknown_quantity: tuple[str, ...] = Field(default=("",), description="how a missing quantity is written")
    unidentified: tuple[str, ...] = Field(default=(), description="codes of origins that are no country")
    own_origin: Literal["refuse", "leave out"] = Field(
        default="refuse", description="what becomes of rows whose origin is the importer: returned goods"
    )

    @model_validator(mode="after")
    def _says_who_imports(self) -> Customs:
        if bool(self.importer) == bool(self.columns.importer):
            raise ValueError("say who imports once: importer = 'DEU', or columns.importer = 'reporter'")
        if self.nomenclature not in NOMENCLATURES:
            raise ValueError(f"a nomenclature that is one of {', '.join(NOMENCLATURES)}")
        if not Decimal(self.usd_per_unit) or not Decimal(self.kg_per_unit):
            raise ValueError("units above zero: usd_per_unit and kg_per_unit")
        return self

    def card(self, files: int, years: tuple[int, ...], rows: int) -> Card:
        """The card of the flows that were added up; microdata are not hashed, so there is no sha256."""
        return Card(
            name=self.name,
            what=f"customs microdata in {'1 file' if files == 1 else f'{files:,} files'}, added up to flows of a year",
            source=self.source,
            licence=self.licence,
            vintage=self.vintage,
            sha256="",
            derived_by="weaklink cluster: exact sums of whole dollars and kilograms by firm and day",
            nomenclature=self.nomenclature,
            years=years,
            rows=rows,
        )
