"""Look-through dependence on the embedded table: against a dense inverse by hand, identities, and what is refused."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

import weaklink
from weaklink.blocs import resolve
from weaklink.errors import RequestError, SourceError
from weaklink.inputoutput.accounts import Accounts
from weaklink.inputoutput.reliance import Definition
from weaklink.study.crossings import crossings
from weaklink.study.exposure import exposure, history
from weaklink.study.exposure_paths import paths
from weaklink.study.exposure_products import product_sectors, product_users
from weaklink.study.extraction import extraction
from weaklink.study.inoperability import inoperability
from weaklink.study.iotables import TableUpload, add, embedded_table
from weaklink.study.market_exposure import market_exposure
from weaklink.study.value_added_trade import value_added_trade

from ..sources import io_files

Floats = npt.NDArray[np.float64]
EU, NATO, GROUP = "EU@2021-01-01", "NATO@2020-12-31", "authoritarian@2020"


@pytest.fixture(scope="module")
def accounts() -> Accounts:
    return embedded_table().accounts()


@pytest.fixture(scope="module")
def dense(accounts: Accounts) -> tuple[Floats, Floats]:
    """A and the whole Leontief inverse, which the product never forms."""
    A = accounts.Z / accounts.x
    return A, np.asarray(np.linalg.inv(np.eye(accounts.size) - A), dtype=np.float64)


def rows_of(accounts: Accounts, countries: set[str]) -> npt.NDArray[np.bool_]:
    return np.array([accounts.regions[place] in countries for place in accounts.region])


@pytest.mark.parametrize(("importer", "suppliers"), [("DEU", "CHN"), (EU, GROUP), (NATO, "RUS + CHN")])
def test_every_figure_equals_one_from_a_dense_inverse(
    importer: str, suppliers: str, accounts: Accounts, dense: tuple[Floats, Floats]
) -> None:
    A, L = dense
    us, them = set(resolve(importer).countries), set(resolve(suppliers).countries)
    inside, group = rows_of(accounts, us), rows_of(accounts, them - us)
    rest = rows_of(accounts, {"ROW"})
    v = accounts.value_added / accounts.x
    for row in exposure(importer, suppliers=suppliers).records():
        sector = np.array([accounts.sectors[place] for place in accounts.sector])
        mine = inside if row["sector"] == "all" else inside & (sector == row["sector"])
        weight = np.where(mine, accounts.x, 0) / accounts.x[mine].sum()
        made = (L - np.eye(len(L))) @ weight
        assert row["face_value"] == pytest.approx((A @ weight)[group].sum(), rel=1e-10)
        assert row["look_through"] == pytest.approx(made[group].sum(), rel=1e-10)
        assert row["hidden"] == pytest.approx(row["look_through"] - row["face_value"], rel=1e-12)
        assert row["value_added_share"] == pytest.approx((v * (L @ weight))[group].sum(), rel=1e-10)
        assert row["foreign_share"] == pytest.approx(made[group].sum() / made[~inside].sum(), rel=1e-10)
        assert row["output"] == pytest.approx(accounts.x[mine].sum(), rel=1e-12)
        assert row["rest_of_world"] in (0, pytest.approx(made[rest].sum(), rel=1e-10))


def test_value_added_shares_of_all_suppliers_and_the_importer_sum_to_one(
    accounts: Accounts, dense: tuple[Floats, Floats]
) -> None:
    foreign = sum(
        row["value_added_share"]
        for row in exposure("DEU", suppliers="world", each=True).records()
        if row["sector"] == "all"
    )
    _, L = dense
    home = rows_of(accounts, {"DEU"})
    weight = np.where(home, accounts.x, 0) / accounts.x[home].sum()
    own_and_rest = ((accounts.value_added / accounts.x) * (L @ weight))[
        home | rows_of(accounts, {"ROW"})
    ].sum()
    assert foreign + own_and_rest == pytest.approx(1, abs=1e-9)


def test_rows_for_each_country_add_up_to_the_row_of_the_group() -> None:
    whole = {row["sector"]: row for row in exposure(EU, suppliers=GROUP).records()}
    parts = exposure(EU, suppliers=GROUP, each=True).records()
    for sector, row in whole.items():
        for column in ("face_value", "look_through", "hidden", "value_added_share", "foreign_share"):
            total = sum(part[column] for part in parts if part["sector"] == sector)
            assert row[column] == pytest.approx(total, rel=1e-9), (sector, column)


def test_rows_come_by_hidden_exposure_and_all_sectors_last() -> None:
    rows = exposure("DEU", suppliers="CHN").records()
    hidden = [row["hidden"] for row in rows[:-1]]
    assert hidden == sorted(hidden, reverse=True)
    assert rows[-1]["sector"] == "all"
    assert rows[0]["sector"] == "MANUF_EXFOOD"


@pytest.mark.parametrize("definition", ["AL", "L", "off-diagonal"])
def test_definitions_differ_only_in_what_a_supplier_needs_of_itself(definition: Definition) -> None:
    """A supplier abroad is never the industry that depends, so every definition gives the same."""
    usual = exposure("DEU", suppliers="CHN").column("look_through")
    other = exposure("DEU", suppliers="CHN", definition=definition).column("look_through")
    assert other == pytest.approx(usual, rel=1e-12)


def test_members_of_both_blocs_count_as_the_importers_and_are_named() -> None:
    answer = exposure(EU, suppliers=GROUP)
    assert any("Hungary" in caveat and "importer's" in caveat for caveat in answer.caveats)
    without = exposure(EU, suppliers=f"{GROUP} - HUN")
    assert answer.column("look_through") == without.column("look_through")


def test_countries_in_the_rest_of_the_world_are_named_and_lower_the_coverage() -> None:
    answer = exposure(EU, suppliers=GROUP)
    group = set(resolve(GROUP).countries) - set(resolve(EU).countries)
    inside = group & set(embedded_table().accounts().regions)
    assert answer.records()[0]["coverage"] == pytest.approx(len(inside) / len(group))
    assert any("lower bounds" in caveat for caveat in answer.caveats)
    assert exposure("DEU", suppliers="CHN").records()[0]["rest_of_world"] == 0


def test_the_public_surface_has_it() -> None:
    assert weaklink.exposure("DEU", suppliers="CHN").digest == exposure("DEU", suppliers="CHN").digest


@pytest.mark.parametrize(
    ("importer", "options", "said"),
    [
        ("ISL + GRL", {}, ""),
        ("GRL", {}, "Greenland"),
        ("DEU", {"sector": "CARS"}, "MANUF_EXFOOD"),
        ("DEU", {"table": "icio2020"}, "Did you mean icio-2020"),
        ("DEU", {"year": 1999}, "it has 2020"),
        ("DEU", {"suppliers": "DEU"}, "outside"),
        ("DEU", {"definition": "inverse"}, "off-diagonal"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_can(
    importer: str, options: dict[str, object], said: str
) -> None:
    if not said:
        assert len(exposure(importer)) == 12  # Iceland is in the table, Greenland is not
        return
    with pytest.raises(RequestError, match=said):
        exposure(importer, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("sector", ["MANUF_EXFOOD", "all"])
def test_paths_and_their_rest_add_up_to_the_look_through(sector: str) -> None:
    found = paths(EU, sector, most=15, suppliers=GROUP)
    assert found.agrees
    rows = found.rows.records()
    assert rows[-1]["path"] == "all other paths"
    assert sum(row["share"] for row in rows) == pytest.approx(1, abs=1e-9)
    amounts = [row["amount"] for row in rows[:-1]]
    assert amounts == sorted(amounts, reverse=True)
    assert found.largest_left <= amounts[-1]
    assert sum(amount for _, amount in found.direct) == pytest.approx(found.shown, rel=1e-9)
    assert sum(found.orders) < found.shown


def test_a_path_is_the_product_of_its_coefficients(accounts: Accounts, dense: tuple[Floats, Floats]) -> None:
    A, _ = dense
    place = {accounts.label(row): row for row in range(accounts.size)}
    for row in paths("DEU", "MANUF_EXFOOD", suppliers="CHN").rows.records()[:-1]:
        stations = [place[label] for label in row["path"].split(" > ")]
        product = np.prod([A[i, j] for i, j in pairwise(stations)])
        assert row["amount"] == pytest.approx(product, rel=1e-10)
        assert row["steps"] == len(stations) - 1


def test_market_shares_of_all_buyers_sum_to_one() -> None:
    """Home buyers, the rest of the world and all others use up the whole output."""
    home = 0.0
    abroad = market_exposure("DEU", "world").records()[-1]["absorbed_share"]
    table = embedded_table().accounts()
    x = table.flags(["DEU"])
    L = np.linalg.inv(np.eye(table.size) - table.Z / table.x)
    for region in ("DEU", "ROW"):
        home += (L @ table.Y[:, table.regions.index(region)])[x].sum() / table.x[x].sum()
    assert abroad + home == pytest.approx(1, abs=1e-9)


def test_exports_are_domestic_and_foreign_content_and_origins_add_up() -> None:
    rows = value_added_trade(EU, suppliers="CHN").records()
    amount = {row["measure"]: row["amount"] for row in rows[:7]}
    assert amount["DC"] + amount["FC"] == pytest.approx(amount["EXGR"], rel=1e-10)
    assert amount["DVA"] + amount["DDC"] == pytest.approx(amount["DC"], rel=1e-10)
    assert amount["VAX"] + amount["REF"] == pytest.approx(amount["DVA"], rel=1e-10)
    origins = rows[7:]
    assert sum(row["amount"] for row in origins) == pytest.approx(amount["FC"], rel=1e-9)
    assert origins[0]["origin"] in {"CHN", "USA", "GBR"}


def test_taking_nothing_out_loses_nothing_and_more_loses_more() -> None:
    none = extraction("DEU", suppliers="CHN", share=0.0).column("output_loss")
    assert max(map(abs, none)) < 1e-4  # million dollars, of 7 million million
    half, whole = (
        extraction("DEU", suppliers="CHN", share=share).records()[0]["output_loss"] for share in (0.5, 1.0)
    )
    assert 0 < half < whole


@pytest.mark.parametrize("taken", ["flow", "total", "backward", "forward", "global"])
def test_extraction_of_every_kind_names_who_loses(taken: str) -> None:
    rows = extraction("DEU", suppliers="CHN", sector="MANUF_EXFOOD", taken=taken).records()  # type: ignore[arg-type]
    assert rows[0]["region"] == "DEU"
    china = next(row for row in rows if row["region"] == "CHN")
    assert china["output_loss"] > 0
    parts = [row for row in rows if row["region"] == "DEU" and row["sector"] != "all"]
    assert sum(row["output_loss"] for row in parts) == pytest.approx(rows[0]["output_loss"], rel=1e-6)


def test_high_order_trade_is_at_least_what_is_exported_directly() -> None:
    for row in crossings(EU, suppliers="CHN").records():
        assert 0 <= row["exported_share"] <= row["high_order_trade"] + 1e-12 <= 1
        assert 0 <= row["chance"] <= min(1, row["visits"])


def test_inoperability_starts_at_nothing_and_ends_at_its_static_solution() -> None:
    end = {row["sector"]: row["inoperability"] for row in inoperability("DEU", suppliers="CHN").records()}
    path = inoperability("DEU", suppliers="CHN", steps=300, resilience=0.5).records()
    last = {row["sector"]: row["inoperability"] for row in path if row["step"] == 300}
    assert last == pytest.approx(end, rel=1e-9)
    assert inoperability("DEU", suppliers="CHN", blow=0).records()[0]["inoperability"] == 0


def test_products_are_joined_with_weights_and_what_is_not_is_named() -> None:
    rows = product_sectors("DEU", "280530,2503,9999").records()
    weights: dict[str, float] = {}
    for row in rows:
        weights[row["product"]] = weights.get(row["product"], 0) + row["weight"]
    assert weights == pytest.approx({"280530": 1, "2503": 1})
    answer = product_users("DEU", "280530,2503,9999", suppliers="CHN")
    assert any("67% of the 3 products" in caveat for caveat in answer.caveats)
    assert any("9999" in caveat for caveat in answer.caveats)
    assert any("whole sectors" in caveat for caveat in answer.caveats)


def test_value_added_at_risk_rests_on_the_makers_only(
    accounts: Accounts, dense: tuple[Floats, Floats]
) -> None:
    _, L = dense
    sector = np.array([accounts.sectors[place] for place in accounts.sector])
    makers = rows_of(accounts, {"CHN"}) & (sector == "MANUF_EXFOOD")
    home = rows_of(accounts, {"DEU"}) & (sector == "CONSTRUCTION")
    row = next(
        one
        for one in product_users("DEU", "280530", suppliers="CHN").records()
        if one["sector"] == "CONSTRUCTION"
    )
    assert row["total_use"] == pytest.approx(L[makers][:, home].item(), rel=1e-10)
    assert row["at_risk"] == pytest.approx(accounts.value_added[home].item() * row["total_use"], rel=1e-10)


def test_a_concordance_of_your_own_stands_for_the_compiled_one(tmp_path: Path) -> None:
    sheet = tmp_path / "mine.csv"
    sheet.write_text("hs,isic,weight\n280530,07,0.25\n280530,20,0.75\n", encoding="utf-8")
    rows = product_sectors("DEU", "280530", concordance=sheet).records()
    assert {row["sector"]: row["weight"] for row in rows} == {"AGRI_MIN_FOOD": 0.25, "MANUF_EXFOOD": 0.75}
    assert {row["sureness"] for row in rows} == {"stated"}
    sheet.write_text("hs,isic,weight\n28053,07,0.25\n", encoding="utf-8")
    with pytest.raises(SourceError, match="row 2, column hs"):
        product_sectors("DEU", "280530", concordance=sheet)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A store with a made table of two years whose sectors have names without divisions."""
    store = tmp_path / "store"
    for year, seed in ((2018, "A"), (2019, "B")):
        table = io_files.made(("DEU", "CHN", "ROW"), ("Growing", "Making"))
        path = io_files.npz(table, tmp_path / f"made_{seed}.npz")
        add(TableUpload(path, "npz", year=year, name="made"), store)
    return store


def test_history_has_every_year_of_a_table_and_each_is_that_years_exposure(own: Path) -> None:
    rows = history("DEU", suppliers="CHN", table="made", store=own).records()
    assert {row["year"] for row in rows} == {2018, 2019}
    single = exposure("DEU", suppliers="CHN", table="made", year=2018, store=own).records()
    assert [{k: v for k, v in row.items() if k != "year"} for row in rows if row["year"] == 2018] == single


def test_sectors_without_known_divisions_need_a_sheet(own: Path, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="--sectors FILE"):
        product_sectors("DEU", "2805", table="made", store=own)
    sheet = tmp_path / "sectors.csv"
    sheet.write_text("sector,isic\nMaking,20\nMaking,24\n", encoding="utf-8")
    rows = product_sectors("DEU", "2805", table="made", store=own, sectors=sheet).records()
    assert [(row["sector"], row["weight"]) for row in rows] == [("Making", 1.0)]
    sheet.write_text("sector,isic\nBaking,20\n", encoding="utf-8")
    with pytest.raises(SourceError, match="Baking"):
        product_sectors("DEU", "2805", table="made", store=own, sectors=sheet)
