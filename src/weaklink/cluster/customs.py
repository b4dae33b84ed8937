"""How do customs microdata, rows by day and firm, become flows of a year on the cluster?

Every row is checked before any is added up; rows that will not do are never left out in silence. Sums are of whole
dollars and kilograms, so they are exact in any order and on any number of machines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from weaklink.cluster import checking
from weaklink.cluster.checking import MISSING, UNFIT
from weaklink.cluster.mapping import Customs
from weaklink.cluster.traded import Spread
from weaklink.codes.countries import UNIDENTIFIED, country
from weaklink.errors import CodeError, Problem, RequestError, SourceError
from weaklink.flows import ARROW
from weaklink.provenance import Card

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

FLOW = ["year", "product", "importer", "exporter"]
MOST_COUNTRIES = 2_000  # spellings of countries in all files; more is not a column of countries
MOST_NAMED = 8
PIECES = 32  # into which the products of a year are dealt out, where nothing else is said


@dataclass(frozen=True, slots=True)
class Declared:
    """Customs microdata, checked and added up: a row for each flow of a year.

    `rows` has the columns of `weaklink.tables.CUSTOMS`. It is kept by the workers until `done` is called.
    """

    rows: DataFrame
    card: Card
    caveats: tuple[str, ...]

    def done(self) -> None:
        """Let the workers forget it."""
        self.rows.unpersist()


def read(spark: SparkSession, paths: Sequence[Path], form: Customs) -> Declared:
    """Check every row of some files and add them up by year, product, importer and exporter.

    `paths` are CSV files (plain or gzip) or Parquet files, or folders of one of the two, which every worker must be
    able to read under the same path. Firms are counted where the form names their column.

    Raises SourceError with every reason for which rows were refused: file, column, an example, how many.
    """
    files = _files(paths)
    texts = _texts(spark, files, form)
    places = _countries(texts, form)
    typed = checking.typed(texts, form, places)
    checking.refuse_unfit(typed, files)
    left_out = typed.where("own_origin").count() if form.own_origin == "leave out" else 0
    rows = _added(typed.where("not own_origin")).persist()
    counts = rows.groupBy("year", "importer").count().collect()
    if not counts:
        raise _refused(files[0], "", "no rows", "a table with rows", "Draw the data again.")
    years, buyers = ({row[name] for row in counts} for name in ("year", "importer"))
    card = form.card(len(files), tuple(sorted(years)), sum(row["count"] for row in counts))
    return Declared(rows, card, tuple(_caveats(form, sorted(buyers), left_out)))


def spread(declared: Declared, pieces: int = 0) -> Spread:
    """The flows as the kernel's tasks take them, numbered by all countries that occur."""
    from pyspark.sql import functions as F

    side = F.explode(F.array("importer", "exporter")).alias("country")
    found = declared.rows.select("year", side).distinct().collect()
    traders: dict[int, set[str]] = {}
    for row in found:
        traders.setdefault(row["year"], set()).add(row["country"])
    words = tuple(sorted(set().union(*traders.values())))
    products = declared.rows.select("product").distinct().collect()
    return Spread(
        rows=declared.rows.select(*ARROW.names),
        words=dict.fromkeys(traders, words),
        traders={year: frozenset(codes) for year, codes in traders.items()},
        products=tuple(sorted(row["product"] for row in products)),
        pieces=pieces or PIECES,
    )


def _files(paths: Sequence[Path]) -> list[Path]:
    """The data files meant: a folder stands for what is in it, but for names that begin with a dot or underscore."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        found += [one.resolve() for one in inside if one.is_file() and not one.name.startswith((".", "_"))]
    if not found:
        raise RequestError(f"--input: no file in {', '.join(map(str, paths))}. Name files of customs data.")
    if len({_is_parquet(one) for one in found}) > 1:
        raise RequestError("--input has Parquet and text files; name files of one kind.")
    return list(dict.fromkeys(found))


def _is_parquet(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PAR1"
    except OSError as error:
        raise _refused(
            path, "", error.strerror or "", "a file that can be read", "Check its path."
        ) from error


def _texts(spark: SparkSession, files: Sequence[Path], form: Customs) -> DataFrame:
    """Every cell of the columns that the form names as text, a missing one empty; and the name of the file."""
    from pyspark.sql import functions as F

    names = [str(file) for file in files]
    if _is_parquet(files[0]):
        whole = spark.read.parquet(*names)
        _refuse_lack(whole.columns, files[0], form)
        whole = whole.withColumn(UNFIT, F.lit(None).cast("string"))
    else:
        header = _headers(files, form)
        kinds = ", ".join(f"`{name.replace('`', '``')}` string" for name in [*header, UNFIT])
        whole = spark.read.csv(
            names,
            schema=kinds,
            header=True,
            mode="PERMISSIVE",
            columnNameOfCorruptRecord=UNFIT,
            escape='"',
        )
    cells = [
        F.coalesce(F.col(f"`{name.replace('`', '``')}`").cast("string"), F.lit(MISSING)).alias(field)
        for field, name in form.columns.named().items()
    ]
    return whole.select(F.col("_metadata.file_path").alias("file"), F.col(UNFIT), *cells)


def _headers(files: Sequence[Path], form: Customs) -> list[str]:
    """The columns of the files, which all must have the same in the same order."""
    headers = {file: checking.header(file) for file in files}
    first = headers[files[0]]
    for file, found in headers.items():
        _refuse_lack(found, file, form)
        if found != first:
            raise _refused(
                file,
                "",
                ",".join(found),
                f"the header of {files[0].name}: {','.join(first)}",
                "Give files of one form at a time.",
            )
    return first


def _refuse_lack(found: Sequence[str], file: Path, form: Customs) -> None:
    """SourceError where a column that the form names is not there, or not once."""
    problems = [
        Problem(
            file.name,
            None,
            name,
            ", ".join(found),
            f"a header with one column {name!r}",
            f"Correct columns.{field} in the mapping.",
        )
        for field, name in form.columns.named().items()
        if list(found).count(name) != 1
    ]
    if problems:
        raise SourceError(problems)


def _countries(texts: DataFrame, form: Customs) -> Mapping[str, str]:
    """ISO3 of every spelling of a country that occurs and is understood."""
    from pyspark.sql import functions as F

    sides = [F.col(name) for name in ("importer", "exporter") if name in texts.columns]
    spellings = texts.select(F.explode(F.array(*sides)).alias("text")).distinct().limit(MOST_COUNTRIES + 1)
    found = [row["text"] for row in spellings.collect()]
    if len(found) > MOST_COUNTRIES:
        name = form.columns.exporter
        raise SourceError(
            [
                Problem(
                    "all files",
                    None,
                    name,
                    f"over {MOST_COUNTRIES:,} spellings",
                    "a column of countries",
                    "Correct the mapping.",
                )
            ]
        )
    known = dict.fromkeys(form.unidentified, UNIDENTIFIED)
    for text in found:
        if text not in known and (code := _country(text)):
            known[text] = code
    return known


def _country(text: str) -> str:
    """ISO3 of a country as written in the data; empty where it means none, or several."""
    try:
        return country(text)
    except CodeError:
        return UNIDENTIFIED if text == UNIDENTIFIED else ""


def _added(typed: DataFrame) -> DataFrame:
    """The rows added up by firm, and then by flow; a sum with an unknown quantity is unknown."""
    from pyspark.sql import functions as F

    def whole(quantity: str) -> Column:
        return F.when(F.count(quantity) == F.count(F.lit(1)), F.sum(quantity)).alias("quantity_kg")

    value, lines = F.sum("value_usd").alias("value_usd"), F.count(F.lit(1)).alias("declarations")
    by_firm = typed.groupBy(*FLOW, "firm").agg(value, whole("quantity_kg"), lines)
    by_flow = by_firm.groupBy(*FLOW).agg(
        value,
        whole("quantity_kg"),
        F.sum("declarations").alias("declarations"),
        F.when(F.count("firm") > 0, F.count("firm")).alias("firms"),
        F.when(F.count("firm") > 0, F.max("value_usd") / F.sum("value_usd")).alias("top_firm_share"),
    )
    buying = by_firm.where("firm is not null").groupBy("year", "product", "importer")
    all_firms = buying.agg(F.countDistinct("firm").alias("product_firms"))
    return by_flow.join(all_firms, ["year", "product", "importer"], "left")


def _caveats(form: Customs, buyers: Sequence[str], left_out: int) -> list[str]:
    listed = ", ".join(buyers) if len(buyers) <= MOST_NAMED else f"{len(buyers)} countries"
    said = [
        f"{form.name}: these data have imports of {listed} and nothing else. What is called exports, or trade of "
        "the world, is only what they have of it."
    ]
    if left_out:
        said.append(f"{form.name}: {left_out:,} rows left out whose origin is the importer: returned goods.")
    if form.columns.firm:
        said.append(
            f"{form.name}: counts of few firms can be confidential. Ask who made the data before you pass them on."
        )
    return said


def _refused(file: Path, column: str, value: str, expected: str, remedy: str) -> SourceError:
    return SourceError([Problem(file.name, None, column, value, expected, remedy)])
