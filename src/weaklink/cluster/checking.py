"""Is every row of customs microdata what its columns say: a day, a code, a country, a whole amount?

Rows are checked by the workers where they lie; what comes back is for each file and reason how many rows there are
and two of their values. There may be billions, so no row is numbered.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from weaklink.cluster.mapping import Customs, DateForm
from weaklink.errors import Problem, SourceError
from weaklink.sources import intake

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, Row

UNFIT, MISSING = "_unfit", ""
UNREADABLE = "\ufffd"  # what Spark makes of bytes that are not UTF-8
AMOUNT = r"\A\d{1,15}(\.\d{1,6})?\z"
MOST = 10**15  # dollars or kilograms of a row; 9,000 such rows still fit 64 bits
WIDEST = 1 << 20  # bytes of a header
CUT = ("a row with as many cells as the header", "Check separators and quotes.")
RETURNED = (
    "another country than the importer",
    "These are returned goods: own_origin = 'leave out' counts and omits them.",
)
DATES: Mapping[DateForm, tuple[str, str]] = {  # the pattern, and how Spark is told to read it
    "YYYY-MM-DD": (r"\A\d{4}-\d{2}-\d{2}\z", "yyyy-MM-dd"),
    "YYYYMMDD": (r"\A\d{8}\z", "yyyyMMdd"),
    "YYYY-MM": (r"\A\d{4}-\d{2}\z", "yyyy-MM"),
    "YYYYMM": (r"\A\d{6}\z", "yyyyMM"),
    "YYYY": (r"\A\d{4}\z", "yyyy"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be so of each row: of which column, what was expected, and what to do."""

    column: str
    value: Column
    ok: Column
    expected: str
    remedy: str


def typed(texts: DataFrame, form: Customs, places: Mapping[str, str]) -> DataFrame:
    """The rows in our own columns, each with what is wrong with it.

    `places` gives the ISO3 of each spelling of a country that is understood.
    """
    from pyspark.sql import functions as F

    return _understood(texts, form, places).select(
        "file",
        "year",
        F.substring("product", 1, 6).alias("product"),
        F.col("buyer").alias("importer"),
        F.col("seller").alias("exporter"),
        F.when(_is_whole("dollars"), F.col("dollars")).cast("long").alias("value_usd"),
        F.when(_is_whole("kilograms"), F.col("kilograms")).cast("long").alias("quantity_kg"),
        (F.col("firm") if form.columns.firm else F.lit(None).cast("string")).alias("firm"),
        "own_origin",
        _complaints(_checks(form)).alias("complaints"),
    )


def _understood(texts: DataFrame, form: Customs, places: Mapping[str, str]) -> DataFrame:
    """The rows with what their cells mean beside the cells: nothing where a cell means nothing."""
    from pyspark.sql import functions as F

    pairs = [F.lit(word) for pair in places.items() for word in pair]
    nothing = F.lit(None)

    def country(side: str) -> Column:
        return F.try_element_at(F.create_map(*pairs), F.col(side)) if pairs else nothing.cast("string")

    unknown, kilograms = F.lit(True), nothing.cast("decimal(38,12)")
    if form.columns.quantity:
        unknown = F.col("quantity").isin(*form.unknown_quantity)
        kilograms = F.when(~unknown, _amount("quantity", form.kg_per_unit))
    pattern, reading = DATES[form.date_form]
    day = F.when(F.col("date").rlike(pattern), F.try_to_date("date", reading))
    return texts.withColumns(
        {
            "year": F.year(day).cast("short"),
            "buyer": F.lit(form.importer) if form.importer else country("importer"),
            "seller": country("exporter"),
            "dollars": _amount("value", form.usd_per_unit),
            "kilograms": kilograms,
            "unknown": unknown,
        }
    ).withColumn("own_origin", F.coalesce(F.col("buyer") == F.col("seller"), F.lit(False)))


def refuse_unfit(rows: DataFrame, files: Sequence[Path]) -> None:
    """SourceError with what is wrong in which file, if anything is; it takes one pass over the rows."""
    from pyspark.sql import functions as F

    one = F.explode("complaints").alias("one")
    wrong = rows.where(F.size("complaints") > 0).select("file", one).select("file", "one.*")
    counted = wrong.groupBy("file", "column", "expected", "remedy").agg(
        F.count(F.lit(1)).alias("rows"), F.min("value").alias("least"), F.max("value").alias("most")
    )
    names = _names(files)
    found = sorted(counted.limit(intake.MOST_LISTED).collect(), key=lambda row: tuple(row)[:3])
    if found:
        raise SourceError([_problem(names.get(row["file"], row["file"]), row) for row in found])


def _names(files: Sequence[Path]) -> Mapping[str, str]:
    """What each file is called in a message, by the address that Spark has for it."""
    often = Counter(file.name for file in files)
    return {
        file.as_uri().replace("file:///", "file:/", 1): file.name if often[file.name] == 1 else str(file)
        for file in files
    }


def header(file: Path) -> list[str]:
    """The names in the first line of a text file, as CSV has them; SourceError where it is no such line."""
    with intake.text_stream(intake.checked_path(file)) as stream:
        line = stream.read(WIDEST).partition(b"\n")[0]
    try:
        return next(csv.reader(io.StringIO(line.decode("utf-8-sig").rstrip("\r"))), [])
    except UnicodeDecodeError as error:
        raise intake.refused(file.name, str(error), "UTF-8 text", "Save the file as UTF-8.") from error


def _problem(file: str, row: Row) -> Problem:
    least, most = (intake.printable(row[name][:60]) for name in ("least", "most"))
    other = f", such as {most!r}" if most != least else ""
    many = "1 row." if row["rows"] == 1 else f"{row['rows']:,} rows{other}."
    return Problem(
        intake.printable(file), None, row["column"], least, row["expected"], f"{many} {row['remedy']}"
    )


def _checks(form: Customs) -> list[Check]:
    """Everything that must be so, on the columns of `typed` before they get their names."""
    from pyspark.sql import functions as F

    whole_row = F.col(UNFIT).isNull()
    digits = rf"\A\d{{{form.product_digits}}}\z"
    said = _sentences(form)
    so = {
        "date": F.col("year").isNotNull(),
        "product": F.col("product").rlike(digits),
        "exporter": F.col("seller").isNotNull(),
        "value": _is_whole("dollars", above_zero=True),
        "importer": F.col("buyer").isNotNull(),
        "quantity": F.col("unknown") | _is_whole("kilograms"),
    }
    if form.columns.firm:
        so["firm"] = (F.col("firm") != MISSING) & ~F.col("firm").contains(UNREADABLE)
    checks = [Check("", F.col(UNFIT), whole_row, *CUT)]
    for field, name in form.columns.named().items():
        # Where the row itself is cut, its cells are not asked.
        checks.append(Check(name, F.col(field), so[field] | ~whole_row, *said[field]))
    if form.own_origin == "refuse":
        checks.append(Check(form.columns.exporter, F.col("exporter"), ~F.col("own_origin"), *RETURNED))
    return checks


def _sentences(form: Customs) -> Mapping[str, tuple[str, str]]:
    """Of each field, what is expected and what to do where it is not so."""
    country = (
        "a country's code or name",
        "Write ISO3 codes, or list the code under unidentified in the mapping.",
    )
    return {
        "date": (f"a date written {form.date_form}", "Correct it, or date_form in the mapping."),
        "product": (
            f"a code of {form.product_digits} digits",
            "Keep codes as text; see product_digits in the mapping.",
        ),
        "exporter": country,
        "importer": country,
        "value": (
            f"a positive value, whole dollars when multiplied by {form.usd_per_unit}",
            "Give whole dollars in plain digits: convert and round before, and say how.",
        ),
        "quantity": (
            f"a mass, whole kilograms when multiplied by {form.kg_per_unit}",
            "Give whole kilograms in plain digits, or list the word under unknown_quantity.",
        ),
        "firm": (
            "an identifier of a firm, in UTF-8",
            "Give one, or leave columns.firm out of the mapping.",
        ),
    }


def _complaints(checks: Sequence[Check]) -> Column:
    """For each row what is wrong with it, an empty list where nothing is."""
    from pyspark.sql import functions as F

    return F.array_compact(
        F.array(
            *(
                F.when(
                    ~F.coalesce(check.ok, F.lit(False)),
                    F.struct(
                        F.lit(check.column).alias("column"),
                        F.lit(check.expected).alias("expected"),
                        F.lit(check.remedy).alias("remedy"),
                        F.coalesce(check.value, F.lit(MISSING)).alias("value"),
                    ),
                )
                for check in checks
            )
        )
    )


def _amount(column: str, scale: str) -> Column:
    """An amount in whole units of ours, as an exact decimal; missing where the text is not plain digits."""
    from pyspark.sql import functions as F

    exact = F.when(F.col(column).rlike(AMOUNT), F.col(column).try_cast("decimal(21,6)"))
    return exact * F.lit(Decimal(scale)).cast("decimal(12,6)")


def _is_whole(column: str, *, above_zero: bool = False) -> Column:
    from pyspark.sql import functions as F

    one = F.col(column)
    least = one > 0 if above_zero else one >= 0
    return F.coalesce((one == F.floor(one)) & (one <= MOST) & least, F.lit(False))
