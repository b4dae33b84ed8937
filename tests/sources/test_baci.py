"""Claims on reading BACI: every number as plain Python reads it, and every problem of a file together."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources import baci_files
from tests.sources.baci_files import COUNTRY_TABLE, NAME, PRODUCT_TABLE, VINTAGE, expected, found, real_rows
from weaklink.errors import Problem, SourceError
from weaklink.sources import baci, intake
from weaklink.store import Store

NAMIBIA, GERMANY = "516", "276"
EU_2024 = "AUT BEL BGR CYP CZE DEU DNK ESP EST FIN FRA GRC HRV HUN IRL ITA LTU LUX LVA MLT NLD POL PRT ROU SVK SVN SWE"


def problems_of(path: Path, **options: str) -> tuple[Problem, ...]:
    with pytest.raises(SourceError) as caught:
        baci.read(path, **options)  # type: ignore[arg-type]
    return caught.value.problems


# --- what is read


def test_a_csv_is_read_as_plain_python_reads_it(tmp_path: Path) -> None:
    reading = baci.read(baci_files.release(tmp_path, baci_files.text(real_rows())))
    assert found(reading.flows) == expected(real_rows())
    assert (reading.nomenclature, reading.vintage) == ("HS92", VINTAGE)


def test_gzip_zip_and_parquet_give_the_same_flows_as_csv(tmp_path: Path) -> None:
    paths = (
        baci_files.release(tmp_path / "gzip", baci_files.packed(baci_files.text(real_rows())), ".csv.gz"),
        baci_files.whole_zip(tmp_path / "zip"),
        baci_files.parquet(tmp_path / "parquet", baci_files.columns(real_rows())),
    )
    for path in paths:
        assert found(baci.read(path).flows) == expected(real_rows()), path.name


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(baci_files.text(real_rows(), end="\r\n"), id="line ends of Windows"),
        pytest.param(b"\xef\xbb\xbf" + baci_files.text(real_rows()), id="a byte order mark"),
        pytest.param(baci_files.text(real_rows()).replace(b",NA\n", b",           NA\n"), id="padded NA"),
        pytest.param(baci_files.text(real_rows()).replace(b",NA\n", b",\n"), id="an empty quantity"),
        pytest.param(
            baci_files.text([[f'"{cell}"' for cell in row] for row in real_rows()]), id="quoted cells"
        ),
        pytest.param(
            baci_files.text([[*reversed(row), "a note"] for row in real_rows()], header="q,v,k,j,i,t,note"),
            id="columns in another order, and one more",
        ),
        pytest.param(baci_files.text(reversed(real_rows())), id="rows in another order"),
    ],
)
def test_harmless_differences_change_nothing(tmp_path: Path, data: bytes) -> None:
    assert b"NA" in baci_files.text(real_rows())
    assert found(baci.read(baci_files.release(tmp_path, data)).flows) == expected(real_rows())


def test_namibia_is_a_country_and_na_a_missing_quantity(tmp_path: Path) -> None:
    table = b"country_code,country_name,country_iso2,country_iso3\n516,Namibia,NA,NAM\n276,Germany,DE,DEU\n"
    rows = [
        ("2022", NAMIBIA, GERMANY, "261210", "5.000", "NA"),
        ("2022", GERMANY, NAMIBIA, "261210", "7.5", "1"),
    ]
    flows = baci.read(baci_files.release(tmp_path, baci_files.text(rows), table=table)).flows
    assert found(flows) == {
        (2022, "261210", "DEU", "NAM"): (5000, None),
        (2022, "261210", "NAM", "DEU"): (7500, 1000),
    }


def test_a_leading_zero_survives_in_csv_and_in_parquet(tmp_path: Path) -> None:
    rows = (("2022", NAMIBIA, GERMANY, "010121", "5.000", "1.000"),)
    for path in (
        baci_files.release(tmp_path / "a", baci_files.text(rows)),
        baci_files.parquet(tmp_path / "b", baci_files.columns(rows)),
    ):
        assert baci.read(path).flows.products == ("010121",)


@given(st.integers(1, 10**15 - 1), st.one_of(st.none(), st.integers(0, 10**15 - 1)))
def test_thousands_with_three_decimals_become_whole_numbers_exactly(
    tmp_path_factory: pytest.TempPathFactory, dollars: int, kilograms: int | None
) -> None:
    quantity = "NA" if kilograms is None else baci_files.thousandths(kilograms)
    row = ("2022", NAMIBIA, GERMANY, "261210", f"{Decimal(dollars) / 1000:f}", quantity)
    path = baci_files.release(tmp_path_factory.mktemp("exact"), baci_files.text([row]))
    assert list(found(baci.read(path).flows).values()) == [(dollars, kilograms)]


@given(st.lists(st.integers(1, 10**12 - 1), min_size=1, max_size=20, unique=True))
def test_noise_of_doubles_beyond_the_third_decimal_is_not_a_dollar(
    tmp_path_factory: pytest.TempPathFactory, dollars: list[int]
) -> None:
    """As in the original extract: 29.141 is stored there as 29.141000000000002."""
    years = [str(1950 + place) for place in range(len(dollars))]
    rows = [(year, NAMIBIA, GERMANY, "261210", "1", "1") for year in years]
    arrays = baci_files.columns(rows) | {"v": pa.array([amount * 0.001 for amount in dollars])}
    flows = baci.read(baci_files.parquet(tmp_path_factory.mktemp("noise"), arrays)).flows
    assert flows.value_usd.tolist() == dollars


def test_all_1_264_888_rows_survive_and_world_totals_equal_the_source_to_the_dollar(
    shared_data: Path, store: Store
) -> None:
    """The second way: Arrow's decimals added up by year and product."""
    original = shared_data / "trade" / "baci_hs92_materials_1995_2024.parquet"
    reading = baci.read(
        original,
        nomenclature="HS92",
        vintage="unstated",
        country_codes=shared_data / "codes" / "baci_country_codes_V202401b.csv",
    )
    stored = store.add(reading.flows, reading.card("all"), reading.area_rows(), reading.labels)
    again = pq.read_table(stored.path)
    assert again.num_rows == 1_264_888

    source = pq.read_table(original, columns=["t", "k", "v"])
    exact = pc.round(source["v"], 3).cast(pa.decimal128(18, 3))
    sums = source.set_column(2, "v", exact).group_by(["t", "k"]).aggregate([("v", "sum")]).to_pylist()
    text = again.set_column(1, "product", again["product"].cast(pa.string()))
    totals = text.group_by(["year", "product"]).aggregate([("value_usd", "sum")]).to_pylist()
    assert len(sums) > 2000
    assert {(row["t"], row["k"]): row["v_sum"] * 1000 for row in sums} == {
        (row["year"], row["product"]): row["value_usd_sum"] for row in totals
    }


def test_of_an_own_file_eu_magnets_are_0_89_chinese_and_borates_0_98_turkish_in_2024(
    shared_data: Path, tmp_path: Path
) -> None:
    """The shares are computed again from the file itself, by a dictionary; membership is that of 2024."""
    file = shared_data / "trade" / "baci_hs17_critical_2024.parquet"
    weaklink = [sys.executable, "-m", "weaklink"]
    place = ["--store", str(tmp_path / "store")]
    say = ["--nomenclature", "HS17", "--vintage", "V202601"]
    subprocess.run([*weaklink, "data", "add", str(file), *say, *place], check=True, capture_output=True)
    ask = "screen --data baci-hs17-v202601 --importer EU@2024-12-31 --year 2024 --suppliers CHN --format json"
    done = subprocess.run([*weaklink, *ask.split(), *place], check=True, capture_output=True, text=True)
    rows = {row["product"]: row for row in json.loads(done.stdout)["rows"]}

    eu = EU_2024.split()
    for product, top, share in (("850511", "CHN", 0.89), ("252800", "TUR", 0.98)):
        bought: Counter[str] = Counter()
        for row in pq.read_table(file, filters=[("hs6", "=", product)]).to_pylist():
            if row["importer"] in eu and row["exporter"] not in eu:
                bought[row["exporter"]] += round(row["value_kusd"] * 1000)
        assert rows[product]["top_supplier"] == top == bought.most_common(1)[0][0]
        assert round(rows[product]["top_share"], 2) == share
        assert rows[product]["top_share"] == pytest.approx(bought[top] / bought.total(), rel=1e-12)


def test_what_goes_through_other_asia_is_taiwans_and_is_counted(tmp_path: Path) -> None:
    table = b"country_code,country_name,country_iso2,country_iso3\n490,Other Asia,,S19\n276,Germany,DE,DEU\n"
    rows = [
        ("2022", "490", GERMANY, "854231", "30", "NA"),
        ("2022", GERMANY, "490", "854231", "10.000", "NA"),
    ]
    reading = baci.read(baci_files.release(tmp_path, baci_files.text(rows), table=table))
    assert reading.flows.countries == ("DEU", "TWN")
    (counted,) = reading.areas
    assert (counted.becomes, counted.rows, counted.value_usd, counted.share) == ("TWN", 2, 40_000, 1.0)


def test_the_tables_of_older_and_newer_releases_are_read(shared_data: Path, tmp_path: Path) -> None:
    rows = [row for row in real_rows() if "380" not in row[1:3]]  # Italy is 381 in one of them
    for name in ("baci_country_codes.csv", "baci_country_codes_V202401b.csv"):
        path = baci_files.release(tmp_path, baci_files.text(rows))
        table = tmp_path / "table.csv"  # a name that states no release
        table.write_bytes((shared_data / "codes" / name).read_bytes())
        assert found(baci.read(path, country_codes=table).flows) == expected(rows)


def test_labels_come_from_the_releases_own_product_table(tmp_path: Path) -> None:
    path = baci_files.release(tmp_path, baci_files.text(real_rows()))
    table = 'code,description\n010121,"Horses: live, ""pure-bred"" \x07"\n9999AA,Not specified'
    (tmp_path / PRODUCT_TABLE).write_text(table)
    assert baci.read(path).labels == {
        "010121": 'Horses: live, "pure-bred"  ',
        "9999AA": "Not specified",
    }


# --- what is refused


def test_all_problems_of_a_file_are_told_together_in_its_order(tmp_path: Path) -> None:
    rows = [list(row) for row in real_rows()]
    rows[3][3] = "71121"
    rows[10][4] = "-4.5"
    rows[10][5] = "some"
    rows[20][1] = "999"
    rows[30][0] = "22"
    rows[40].append("extra")
    rows[50] = rows[49]
    told = problems_of(baci_files.release(tmp_path, baci_files.text(rows)))
    assert [(one.row, one.column) for one in told] == [
        (5, "k"),
        (12, "v"),
        (12, "q"),
        (22, "i"),
        (32, "t"),
        (42, ""),
    ]
    assert [one.value for one in told][:5] == ["71121", "-4.5", "some", "999", "22"]
    assert {one.file for one in told} == {f"{NAME}.csv"}
    assert all(one.expected and one.remedy for one in told)


def test_duplicates_are_told_with_both_rows(tmp_path: Path) -> None:
    rows = [*real_rows(), real_rows()[7]]
    (told,) = problems_of(baci_files.release(tmp_path, baci_files.text(rows)))
    assert (told.row, "row 9" in told.value) == (len(rows) + 1, True)


def test_a_duplicate_in_a_zip_names_the_year_file_it_stands_in(tmp_path: Path) -> None:
    other = NAME.replace("2022", "2021")
    members = [
        (f"{other}.csv", baci_files.text([("2021", *real_rows()[0][1:])])),
        (f"{NAME}.csv", baci_files.text([*real_rows(), real_rows()[7]])),
        (COUNTRY_TABLE, baci_files.country_table()),
    ]
    (told,) = problems_of(baci_files.zipped(tmp_path, members))
    assert (told.file, told.row) == (f"{NAME}.csv", len(real_rows()) + 2)


def test_a_message_shows_twenty_problems_and_counts_the_rest(tmp_path: Path) -> None:
    rows = [(*row[:4], "none", row[5]) for row in real_rows()]
    with pytest.raises(SourceError) as caught:
        baci.read(baci_files.release(tmp_path, baci_files.text(rows)))
    message = str(caught.value)
    assert message.startswith(f"refused, {len(rows)} problems; nothing was stored:")
    assert message.count("'none' is not") == SourceError.shown == 20
    assert f"and {len(rows) - 20} more" in message


def test_edition_and_release_must_be_known_and_not_contradict_the_name(tmp_path: Path) -> None:
    path = baci_files.release(tmp_path, baci_files.text(real_rows()))
    unnamed = path.with_name("trade.csv")
    unnamed.write_bytes(path.read_bytes())
    assert len(problems_of(unnamed)) == 2
    for option in ({"nomenclature": "HS17"}, {"vintage": "V202501"}):
        (told,) = problems_of(path, **option)
        assert "what the file's name says" in told.expected
    assert baci.read(path, nomenclature="HS92", vintage=VINTAGE).vintage == VINTAGE


def test_country_numbers_are_never_read_with_the_table_of_another_release(tmp_path: Path) -> None:
    """Italy is 381 in one release and 380 in another."""
    path = baci_files.release(tmp_path, baci_files.text(real_rows()))
    other = path.with_name("country_codes_V202501.csv")
    (tmp_path / COUNTRY_TABLE).rename(other)
    assert {one.column for one in problems_of(path)} == {"i", "j"}  # the table beside is not taken
    with pytest.raises(SourceError, match=f"is not a table of {VINTAGE}"):
        baci.read(path, country_codes=other)


@pytest.mark.parametrize(
    ("table", "row", "what"),
    [
        ("4,Afghanistan,AF,AFG\n276,Germany,DE,DEU\n4,Angola,AO,AGO\n", 4, "stands once"),
        ("4,Afghanistan,AF,AFG\n276,Germany\n", 3, "4 columns"),
        ("4,Afghanistan,AF,AFG\n4000,Atlantis,,ATL\n", 3, "that we know"),
        ("4,Afghanistan,AF,AFG\n,,,\n", 3, "that we know"),
        ('4,Afghanistan,AF,AFG\n276,"Germany,DE,DEU\n', 3, "quote"),
    ],
)
def test_a_country_table_with_a_mistake_is_refused_at_its_row(
    tmp_path: Path, table: str, row: int, what: str
) -> None:
    header = "country_code,country_name,country_iso2,country_iso3\n"
    path = baci_files.release(tmp_path, baci_files.text(real_rows()), table=(header + table).encode())
    (told,) = problems_of(path)
    assert (told.file, told.row) == (COUNTRY_TABLE, row)
    assert what in told.expected


@pytest.mark.parametrize(
    "table",
    [
        b"",
        b"\n",
        b"4,Afghanistan,AF,AFG\n",
        b"country_code;country_name;country_iso3\n4;Afghanistan;AFG\n",
        b"country_code,country_name,country_iso3\r4,Afghanistan,AFG\r",
        "country_code,country_name,country_iso3\n384,Côte d'Ivoire,CIV\n".encode("latin-1"),
        "country_code,country_name,country_iso3\n4,Afghanistan,AFG\n".encode("utf-16"),
        b"country_code,country_name,country_iso3\n" + b"4,Afghanistan,AFG\n" * 600_000,
    ],
    ids=["empty", "blank", "no header", "semicolons", "carriage returns", "Latin-1", "UTF-16", "10 MB"],
)
def test_what_is_no_country_table_is_refused_as_that(tmp_path: Path, table: bytes) -> None:
    told = problems_of(baci_files.release(tmp_path, baci_files.text(real_rows()), table=table))
    assert {Path(one.file).name for one in told} == {COUNTRY_TABLE}


@pytest.mark.parametrize("table", ["kode,description\n010121,Horses\n", "code,description\n10121,Horses\n"])
def test_a_product_table_without_codes_of_six_digits_is_refused(tmp_path: Path, table: str) -> None:
    path = baci_files.release(tmp_path, baci_files.text(real_rows()))
    (tmp_path / PRODUCT_TABLE).write_text(table)
    (told,) = problems_of(path)
    assert told.file == PRODUCT_TABLE


@pytest.mark.parametrize(
    ("column", "values", "row"),
    [
        ("k", pa.array([260300, 250490, 61000]), None),
        ("k", pa.array([260300, 250490, 61000]).dictionary_encode(), None),
        ("k", pa.array(["260300", None, "261000"]), 2),
        ("k", pa.array(["260300", "9" * 5000, "261000"]), 2),
        ("v", pa.array([1.0, float("inf"), 2.0]), 2),
        ("v", pa.array([1.0, float("nan"), 2.0]), 2),
        ("v", pa.array([1.0, -1.0, 2.0]), 2),
        ("v", pa.array([1.0, 0.0, 2.0]), 2),
        ("v", pa.array([1.0, 0.0005, 2.0]), 2),
        ("v", pa.array([1.5, 1234.567, 2.0], pa.float32()), 2),
        ("v", pa.array([True, False, True]), None),
        ("q", pa.array([1.0, float("nan"), 2.0]), 2),
        ("t", pa.array([0, 1, 2], pa.timestamp("s")), None),
        ("i", pa.array([{"a": 1}] * 3), None),
    ],
)
def test_a_parquet_file_says_which_row_or_column_is_wrong(
    tmp_path: Path, column: str, values: pa.Array, row: int | None
) -> None:
    arrays = baci_files.columns(real_rows()[:3]) | {column: values}
    (told,) = problems_of(baci_files.parquet(tmp_path, arrays))
    assert (told.column, told.row) == (column, row)


def test_a_parquet_file_with_broken_text_is_refused(tmp_path: Path) -> None:
    offsets = pa.array([0, 6, 12, 18], pa.int32()).buffers()[1]
    broken = pa.Array.from_buffers(pa.string(), 3, [None, offsets, pa.py_buffer(b"260300\xff\xfe0490261000")])
    arrays = baci_files.columns(real_rows()[:3]) | {"k": broken}
    (told,) = problems_of(baci_files.parquet(tmp_path, arrays))
    assert told.expected == "a whole Parquet file"


def test_more_codes_than_any_edition_has_are_refused(tmp_path: Path) -> None:
    rows = [("2022", NAMIBIA, GERMANY, f"{code:06d}", "1", "1") for code in range(100_000, 133_000)]
    (told,) = problems_of(baci_files.release(tmp_path, baci_files.text(rows)))
    assert told.value == "33,000 different codes"


def test_a_file_that_vanishes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = baci_files.release(tmp_path, baci_files.text(real_rows()))
    with pytest.raises(SourceError, match="No such file"):
        baci.read(path, progress=lambda _done, _total: path.unlink())


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    """Else its sha256 would be that of another table."""
    path = baci_files.release(tmp_path, baci_files.text(real_rows()))

    def grown(_done: int, _total: int) -> None:
        path.write_bytes(baci_files.text(real_rows()[:30]))

    with pytest.raises(SourceError, match="'changed while it was read' is not a file that stays"):
        baci.read(path, progress=grown)


def test_more_rows_than_any_source_has_are_refused_over_all_years_of_a_zip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_ROWS", 100)
    names = [f"{NAME.replace('2022', str(year))}.csv" for year in (2021, 2022)]
    for rows in (50, 51):
        members = [
            (name, baci_files.text([(name[11:15], *row[1:]) for row in real_rows()[:rows]])) for name in names
        ]
        path = baci_files.zipped(tmp_path, [*members, (COUNTRY_TABLE, baci_files.country_table())])
        if rows == 50:
            assert len(baci.read(path).flows) == 100
        else:
            assert [one.value for one in problems_of(path)] == ["over 100 rows"]


def test_a_files_name_cannot_move_the_cursor_of_a_terminal(tmp_path: Path) -> None:
    path = baci_files.release(tmp_path, baci_files.text(real_rows()))
    evil = path.rename(tmp_path / f"\x1b[2J{NAME}\udcff.csv")
    reading = baci.read(evil)
    assert reading.original == f"�[2J{NAME}�.csv"
    reading.card("a").to_json().encode("utf-8")
    evil.write_bytes(evil.read_bytes()[:-3])
    assert problems_of(evil)[0].file == reading.original
