"""How large is BACI, and how is it shaped? Made-up trade of any size, always called synthetic.

The countries' numbers are real, so that our reader takes them; nothing else is. Sizes of countries and of products are
lognormal, pairs follow gravity, each product has a few dominant exporters, values span nine decades, and six
quantities of a hundred are missing. One seed makes one network; each year keeps most of its flows, grown a little.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from weaklink.codes.areas import area
from weaklink.data import rows as embedded
from weaklink.errors import CodeError

PRODUCTS, COUNTRIES, BLOC = 5_000, 220, 27
NOMENCLATURE, VINTAGE = "HS17", "V000000"  # no release of CEPII is called so
SEED = 20240601
KEPT = 0.926  # share of the network's flows that a year has
UNKNOWN = -1
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Network:
    """Flows before their years: indices of countries and products, dollars, kilograms (-1 where missing)."""

    exporter: npt.NDArray[np.int16]
    importer: npt.NDArray[np.int16]
    product: npt.NDArray[np.int16]
    value_usd: Integers
    quantity_kg: Integers


# --- what others ask for


def csv_file(folder: Path, rows: int, year: int = 2022) -> Path:
    """One synthetic year as CSV in BACI's layout, with its country table beside it; made once."""
    path = folder / f"{rows}" / f"synthetic_{_member(year)}"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / f"country_codes_{VINTAGE}.csv").write_bytes(country_table())
        part = path.with_suffix(".part")
        with part.open("wb") as sink:
            _write_csv(trade(rows, year), sink)
        part.replace(path)
    return path


def zip_file(folder: Path, rows: int, years: Sequence[int]) -> Path:
    """Several synthetic years, `rows` each, in a zip as CEPII releases it; made once."""
    name = f"synthetic_BACI_{NOMENCLATURE}_{VINTAGE}_{years[0]}-{years[-1]}.zip"
    path = folder / f"{rows}" / name
    if not path.exists():
        texts = [csv_file(folder, rows, year) for year in years]
        part = path.with_suffix(".part")
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for year, text in zip(years, texts, strict=True):
                archive.write(text, _member(year))
            archive.writestr(f"country_codes_{VINTAGE}.csv", country_table())
        part.replace(path)
    return path


def parquet_file(folder: Path, rows: int, years: Sequence[int]) -> Path:
    """Several synthetic years, `rows` each, as Parquet with BACI's columns: what a careful analyst keeps.

    Columns t, i, j are integers, k is text, v and q doubles in thousands of dollars and tonnes; rows are
    in BACI's order (t, i, j, k). Made once.
    """
    path = folder / f"{rows}" / f"synthetic_BACI_{NOMENCLATURE}_{VINTAGE}_{years[0]}-{years[-1]}.parquet"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / f"country_codes_{VINTAGE}.csv").write_bytes(country_table())
        part = path.with_suffix(".part")
        tables = (_with_doubles(trade(rows, year)) for year in years)
        _write_parquet(tables, part)
        part.replace(path)
    return path


def bloc() -> tuple[str, ...]:
    """ISO3 codes of the synthetic bloc: 27 of the sixty largest countries of the network."""
    size = _sizes()
    largest = np.argsort(-size)[:60]
    chosen = np.random.default_rng(SEED + 5).choice(largest, BLOC, replace=False)
    return tuple(sorted(_countries()[place][1] for place in chosen))


def country_numbers() -> dict[str, str]:
    """The number of each country in the synthetic files, by its ISO3 code."""
    return {iso3: number for number, iso3 in _countries()}


def trade(rows: int, year: int) -> pa.Table:
    """A synthetic year of exactly `rows` flows in BACI's order (i, j, k).

    Columns t, i, j, k as BACI numbers them, k text; `v` in dollars and `q` in kilograms, null where missing.
    """
    whole = network(rows)
    random = np.random.default_rng([SEED, year])
    kept = np.sort(random.choice(len(whole.product), rows, replace=False))
    growth = np.exp(random.normal(0.02, 0.35, rows))
    value = np.maximum(np.rint(whole.value_usd[kept] * growth), 1).astype(np.int64)
    quantity = whole.quantity_kg[kept]
    grown = np.rint(quantity * growth).astype(np.int64)
    numbers = np.array([int(number) for number, _ in _countries()], dtype=np.int16)
    return pa.table(
        {
            "t": np.full(rows, year, dtype=np.int16),
            "i": numbers[whole.exporter[kept]],
            "j": numbers[whole.importer[kept]],
            "k": pa.DictionaryArray.from_arrays(pa.array(whole.product[kept]), pa.array(_products())),
            "v": value,
            "q": pa.array(grown, mask=quantity == UNKNOWN),
        }
    )


# --- the network


@lru_cache(maxsize=1)
def network(rows: int) -> Network:
    """Enough flows that each year can keep `rows` of them, in the order (exporter, importer, product)."""
    counts = _flows_by_product(int(np.ceil(rows / KEPT)))
    pull = _gravity()
    random = np.random.default_rng([SEED, 0])
    power = np.random.default_rng([SEED, 1]).normal(0, 1.6, PRODUCTS)
    keys, values = [], []
    for product in np.flatnonzero(counts).tolist():
        count = int(counts[product])
        appeal = pull + random.normal(0, 1.5, COUNTRIES)[:, None] + random.normal(0, 0.6, COUNTRIES)
        noise = np.log(np.maximum(random.standard_exponential(appeal.shape, dtype=np.float32), 1e-30))
        drawn = (appeal - 1.6 * noise).ravel()  # the largest of these are a draw without replacement
        chosen = np.argpartition(drawn, -count)[-count:]
        keys.append(chosen * PRODUCTS + product)
        values.append(np.exp(appeal.ravel()[chosen] * 0.75 + power[product] + random.normal(8, 1.3, count)))
    key, value = np.concatenate(keys), np.concatenate(values)
    order = np.argsort(key)
    pairs, products = np.divmod(key[order], PRODUCTS)
    exporter, importer = np.divmod(pairs, COUNTRIES)
    dollars = np.maximum(np.rint(value[order]), 1).astype(np.int64)
    kilograms = np.rint(dollars * np.exp(random.normal(-0.5, 1.0, len(key)))).astype(np.int64)
    kilograms[random.random(len(key)) < 0.06] = UNKNOWN
    return Network(
        exporter.astype(np.int16), importer.astype(np.int16), products.astype(np.int16), dollars, kilograms
    )


def _flows_by_product(flows: int) -> Integers:
    """How many flows each product has: heavy-tailed, exactly `flows` in all."""
    most = COUNTRIES * (COUNTRIES - 1)
    if flows > 0.9 * most * PRODUCTS:
        raise ValueError(f"{flows:,} flows are more than a year can have; take several years")
    weight = np.exp(np.random.default_rng([SEED, 2]).normal(0, 0.9, PRODUCTS))
    count = weight * flows / weight.sum()
    for _ in range(50):
        count = np.minimum(count, 0.95 * most)
        count *= flows / count.sum()
    ends = np.rint(np.cumsum(count)).astype(np.int64)
    ends[-1] = flows
    counts: Integers = np.diff(ends, prepend=0)
    return counts


def _sizes() -> npt.NDArray[np.float64]:
    return np.exp(np.random.default_rng([SEED, 3]).normal(0, 2.0, COUNTRIES))


def _gravity() -> npt.NDArray[np.float64]:
    """How much each pair is drawn to trade, as a logarithm; never with itself."""
    random = np.random.default_rng([SEED, 4])
    size = np.log(_sizes())
    demand = 0.75 * size + random.normal(0, 0.5, COUNTRIES)
    place = random.normal(size=(COUNTRIES, 2))
    distance = np.hypot(*(place[:, None] - place[None]).transpose(2, 0, 1)) + 0.1
    pull: npt.NDArray[np.float64] = 0.8 * size[:, None] + 0.8 * demand - 0.9 * np.log(distance)
    np.fill_diagonal(pull, -np.inf)
    return pull


@lru_cache(maxsize=1)
def _countries() -> tuple[tuple[str, str], ...]:
    """Number and ISO3 code of the first 220 countries that are simply one, by number."""
    stated = {(row["comtrade"] or row["m49"]).lstrip("0"): row["iso3"] for row in embedded("countries")}
    simple = {number: iso3 for number, iso3 in stated.items() if number and _is_country(number, iso3)}
    chosen = sorted(simple.items(), key=lambda item: int(item[0]))[:COUNTRIES]
    if len(chosen) < COUNTRIES:
        raise ValueError(f"only {len(chosen)} countries are known")
    return tuple(chosen)


def _is_country(number: str, iso3: str) -> bool:
    try:
        found = area(number)
    except CodeError:
        return False
    return found.kind == "country" and found.becomes == iso3


@lru_cache(maxsize=1)
def _products() -> list[str]:
    """5,000 codes of six digits, in order; chapters from 01, so that leading zeros occur."""
    codes = np.random.default_rng([SEED, 6]).choice(np.arange(10_110, 970_600), PRODUCTS, replace=False)
    return [f"{code:06d}" for code in np.sort(codes)]


# --- how they are written


def _member(year: int) -> str:
    return f"BACI_{NOMENCLATURE}_Y{year}_{VINTAGE}.csv"


def country_table() -> bytes:
    """The table of country numbers that synthetic files are read with."""
    lines = [f"{number},{iso3},,{iso3}\n" for number, iso3 in _countries()]
    return "".join(["country_code,country_name,country_iso2,country_iso3\n", *lines]).encode()


def _write_csv(table: pa.Table, sink: pa.NativeFile) -> None:
    """As BACI prints it: three decimals, and NA padded to the width of a number where there is none."""
    header = pyarrow.csv.WriteOptions(quoting_style="none", quoting_header="none")
    body = pyarrow.csv.WriteOptions(include_header=False, quoting_style="none", quoting_header="none")
    for start in range(0, len(table), 1 << 20):
        part = table.slice(start, 1 << 20)
        quantity = pc.fill_null(_thousandths(part["q"]), "           NA")
        columns = {"k": part["k"].cast(pa.string()), "v": _thousandths(part["v"]), "q": quantity}
        text = pa.table({name: columns.get(name, part[name]) for name in table.column_names})
        pyarrow.csv.write_csv(text, sink, body if start else header)


def _thousandths(whole: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whole dollars as thousands with three decimals, and kilograms as tonnes: exactly, as text."""
    thousands = pc.divide(whole, 1000)
    rest = pc.subtract(whole, pc.multiply(thousands, 1000))
    decimals = pa.array([f"{place:03d}" for place in range(1000)])
    return pc.binary_join_element_wise(thousands.cast(pa.string()), decimals.take(rest), ".")


def _with_doubles(table: pa.Table) -> pa.Table:
    for name in ("v", "q"):
        doubles = pc.divide(table[name].cast(pa.float64()), 1000.0)
        table = table.set_column(table.column_names.index(name), name, doubles)
    return table


def _write_parquet(tables: Iterable[pa.Table], path: Path) -> None:
    writer: pq.ParquetWriter | None = None
    for table in tables:
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=1 << 20)
    if writer is None:
        raise ValueError("name at least one year")
    writer.close()
