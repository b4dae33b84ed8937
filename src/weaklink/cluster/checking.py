"""Is every row of customs microdata what its columns say: a day, a code, a country, a whole amount?

Rows are checked by the workers where they lie; what comes back is for each file and reason how many rows there are
and two of their values. There may be billions, so no row is numbered.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from weaklink.cluster.mapping import Customs, DateForm
from weaklink.errors import Problem, SourceError
from weaklink.sources import intake

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

UNFIT, MISSING = "_unfit", ""
UNREADABLE = "\ufffd"  # what Spark makes of bytes that are not UTF-8
AMOUNT = r"\A\d{1,15}(\.\d{1,6})?\z"
MOST = 10**15  # dollars or kilograms of a row; 9,000 such rows still fit 64 bits
WIDEST = 1 << 20  # bytes of a header
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
    from pyspark.sql import functions as F  # noqa: N812

    def found(side: str) -> Column:
        return F.try_element_at(F.create_map(*pairs), F.col(side)) if pairs else F.lit(None).cast("string")

    pairs = [F.lit(word) for pair in places.items() for word in pair]
    importer = F.lit(form.importer) if form.importer else found("importer")
    value, mass = _amount("value", form.usd_per_unit), _amount("quantity", form.kg_per_unit)
    weighed = bool(form.columns.quantity)
    unknown = F.col("quantity").isin(*form.unknown_quantity) if weighed else F.lit(True)
    pattern, reading = DATES[form.date_form]
    day = F.when(F.col("date").rlike(pattern), F.try_to_date("date", reading))
    whole = texts.select(
        "file", *texts.columns[1:],
        F.year(day).cast("short").alias("year"),
        F.substring("product", 1, 6).alias("hs6"),
        importer.alias("buyer"), found("exporter").alias("seller"),
        value.alias("dollars"),
        (F.when(~unknown, mass) if weighed else F.lit(None).cast("decimal(38,12)")).alias("kilograms"),
        unknown.alias("unknown"),
        (F.coalesce(importer == found("exporter"), F.lit(False))).alias("own_origin"),
    )  # fmt: skip
    return whole.select(
        "file", "year", F.col("hs6").alias("product"),
        F.col("buyer").alias("importer"), F.col("seller").alias("exporter"),
        F.when(_is_whole("dollars"), F.col("dollars")).cast("long").alias("value_usd"),
        F.when(_is_whole("kilograms"), F.col("kilograms")).cast("long").alias("quantity_kg"),
        (F.col("firm") if form.columns.firm else F.lit(None).cast("string")).alias("firm"),
        "own_origin",
        _complaints(_checks(form)).alias("complaints"),
    )  # fmt: skip


def refuse_unfit(rows: DataFrame, files: Sequence[Path]) -> None:
    """SourceError with what is wrong in which file, if anything is; it takes one pass over the rows."""
    from pyspark.sql import functions as F  # noqa: N812

    one = F.explode("complaints").alias("one")
    wrong = rows.where(F.size("complaints") > 0).select("file", one).select("file", "one.*")
    counted = wrong.groupBy("file", "column", "expected", "remedy").agg(
        F.count(F.lit(1)).alias("rows"), F.min("value").alias("least"), F.max("value").alias("most")
    )
    order = {file.name: place for place, file in enumerate(files)}
    found = sorted(
        counted.limit(intake.MOST_LISTED).collect(),
        key=lambda row: (order.get(row["file"], 0), row["column"], row["expected"]),
    )
    if found:
        raise SourceError([_problem(*row) for row in found])


def header(file: Path) -> list[str]:
    """The names in the first line of a text file, as CSV has them; SourceError where it is no such line."""
    with intake.text_stream(intake.checked_path(file)) as stream:
        line = stream.read(WIDEST).partition(b"\n")[0]
    try:
        return next(csv.reader(io.StringIO(line.decode("utf-8-sig").rstrip("\r"))), [])
    except UnicodeDecodeError as error:
        raise intake.refused(file.name, str(error), "UTF-8 text", "Save the file as UTF-8.") from error


def _problem(file: str, column: str, expected: str, remedy: str, rows: int, least: str, most: str) -> Problem:
    others = f", such as {intake.printable(most[:60])!r}" if most != least else ""
    many = "1 row." if rows == 1 else f"{rows:,} rows{others}."
    return Problem(intake.printable(file), None, column, intake.printable(least[:60]), expected, f"{many} {remedy}")


def _checks(form: Customs) -> list[Check]:
    """Everything that must be so, on the columns of `typed` before they get their names."""
    from pyspark.sql import functions as F  # noqa: N812

    names, missing = form.columns.named(), F.col(UNFIT).isNull()
    digits = rf"\A\d{{{form.product_digits}}}\z"
    country = "a country's code or name"
    unknown_place = "Write ISO3 codes, or list the code under unidentified in the mapping."
    checks = [
        Check("", F.col(UNFIT), missing, "a row with as many cells as the header", "Check separators and quotes."),
        Check(names["date"], F.col("date"), F.col("year").isNotNull(), f"a date written {form.date_form}",
              "Correct it, or date_form in the mapping."),
        Check(names["product"], F.col("product"), F.col("product").rlike(digits),
              f"a code of {form.product_digits} digits", "Keep codes as text; see product_digits in the mapping."),
        Check(names["exporter"], F.col("exporter"), F.col("seller").isNotNull(), country, unknown_place),
        Check(names["value"], F.col("value"), _is_whole("dollars", above_zero=True),
              f"a positive value, whole dollars when multiplied by {form.usd_per_unit}",
              "Give whole dollars in plain digits: convert and round before, and say how."),
    ]  # fmt: skip
    if "importer" in names:
        checks.append(Check(names["importer"], F.col("importer"), F.col("buyer").isNotNull(), country, unknown_place))
    if "quantity" in names:
        checks.append(
            Check(names["quantity"], F.col("quantity"), F.col("unknown") | _is_whole("kilograms"),
                  f"a mass, whole kilograms when multiplied by {form.kg_per_unit}",
                  "Give whole kilograms in plain digits, or list the word under unknown_quantity.")
        )  # fmt: skip
    if "firm" in names:
        checks.append(Check(names["firm"], F.col("firm"), (F.col("firm") != MISSING) & ~F.col("firm").contains(UNREADABLE),
                            "an identifier of a firm, in UTF-8", "Give one, or leave columns.firm out of the mapping."))  # fmt: skip
    if form.own_origin == "refuse":
        checks.append(Check(names["exporter"], F.col("exporter"), ~F.col("own_origin"),
                            "another country than the importer",
                            "These are returned goods: own_origin = 'leave out' counts and omits them."))  # fmt: skip
    # Where the row itself is cut, its cells are not asked.
    return [checks[0], *(Check(c.column, c.value, c.ok | ~missing, c.expected, c.remedy) for c in checks[1:])]


def _complaints(checks: Sequence[Check]) -> Column:
    """For each row what is wrong with it, an empty list where nothing is."""
    from pyspark.sql import functions as F  # noqa: N812

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
    from pyspark.sql import functions as F  # noqa: N812

    exact = F.when(F.col(column).rlike(AMOUNT), F.col(column).try_cast("decimal(21,6)"))
    return exact * F.lit(Decimal(scale)).cast("decimal(12,6)")


def _is_whole(column: str, *, above_zero: bool = False) -> Column:
    from pyspark.sql import functions as F  # noqa: N812

    one = F.col(column)
    least = one > 0 if above_zero else one >= 0
    return F.coalesce((one == F.floor(one)) & (one <= MOST) & least, F.lit(False))
