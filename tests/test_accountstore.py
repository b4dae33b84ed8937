"""Tables are stored whole or not at all, are what was stored, and never mix silently."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools import build_io

from weaklink import data
from weaklink.accountstore import AccountStore, StoredTable, write
from weaklink.errors import StoreError
from weaklink.inputoutput.accounts import Accounts, Limits
from weaklink.provenance import Card
from weaklink.sources.square import Frame, Role, accounts_of
from weaklink.study.iotables import embedded_table

from .sources import io_files

NAMES = ({"A01": "Crops ✓"}, {"ROW": "Rest"})


def accounts(
    year: int = 2018, regions: tuple[str, ...] = ("DEU", "CHN", "ROW"), scale: float = 1.0
) -> Accounts:
    table = io_files.made(regions)
    roles = [Role("industry", region.replace("MX1", "MEX"), "MX1" if region == "MX1" else "", sector)
             for region, sector in table.labels]  # fmt: skip
    Y = table.Y.sum(axis=2)[:, : len({role.region for role in roles})]
    frame = Frame("million euro", year, f"made {year}", Limits(balance=10, column_sum=5))
    return accounts_of(roles, table.Z * scale, Y * scale, None, None, frame)


def card(name: str = "made", year: int = 2018) -> Card:
    return Card(name, "what", "source", "licence", "vintage", "", "by hand", "0" * 64, "ICIO2", (year,), 6)


def same(one: Accounts, other: Accounts) -> None:
    for name in ("Z", "Y", "x", "value_added", "region", "sector"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    for name in ("regions", "sectors", "unit", "year", "source", "part", "limits"):
        assert getattr(one, name) == getattr(other, name)


@given(st.integers(1, 4), st.integers(1, 3), st.booleans(), st.floats(1e-6, 1e9))
@settings(max_examples=15)
def test_a_table_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, regions: int, sectors: int, split: bool, scale: float
) -> None:
    rng = np.random.default_rng(regions * 10 + sectors)
    n = regions * sectors
    roles = [
        Role("industry", f"R{k // sectors}", f"P{k}" if split else "", f"s{k % sectors}") for k in range(n)
    ]
    Z, Y = rng.random((n, n)) * scale, (rng.random((n, regions)) + n) * scale
    made = accounts_of(roles, Z, Y, None, None, Frame("units", 2001, "made", Limits(column_sum=9)))
    store = AccountStore(tmp_path_factory.mktemp("store"))
    stored = store.add(made, card(year=2001), NAMES)
    same(stored.accounts(), made)
    assert (stored.sector_names, stored.region_names) == NAMES
    assert store.tables() == (stored,)


def test_single_precision_stays_single(tmp_path: Path) -> None:
    made = accounts()
    single = replace(made, Z=made.Z.astype(np.float32))
    again = AccountStore(tmp_path).add(single, card(), NAMES).accounts()
    assert again.Z.dtype == np.float32
    np.testing.assert_array_equal(again.Z, single.Z)


def test_a_large_table_is_mapped_and_cannot_be_written_to(tmp_path: Path) -> None:
    again = AccountStore(tmp_path).add(accounts(), card(), NAMES).accounts()
    assert not again.Z.flags.owndata
    with pytest.raises(ValueError, match="read-only"):
        again.Z[0, 0] = 1


def test_packed_numbers_are_exact_to_their_steps(tmp_path: Path) -> None:
    made = accounts(scale=0.0001)
    place = tmp_path / "packed.arrow"
    write(made, card(), NAMES, lambda _digest: place, steps=10_000)
    digest = card()
    stored = StoredTable.open(place, replace(digest, sha256=_sha(place)))
    np.testing.assert_allclose(stored.accounts().Z, made.Z, rtol=1e-15)


def _sha(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_same_table_twice_is_one_file(tmp_path: Path) -> None:
    store = AccountStore(tmp_path)
    assert store.add(accounts(), card(), NAMES) == store.add(accounts(), card(), NAMES)
    assert len(list(store.folder.iterdir())) == 1


def test_two_tables_of_one_year_never_share_a_name(tmp_path: Path) -> None:
    store = AccountStore(tmp_path)
    store.add(accounts(), card(), NAMES)
    with pytest.raises(StoreError, match="already has 2018"):
        store.add(accounts(scale=2), card(), NAMES)
    assert len(list(store.folder.iterdir())) == 1
    store.add(accounts(2019), card(year=2019), NAMES)
    store.add(accounts(scale=2), card("other"), NAMES)
    assert [(one.card.name, one.year) for one in store.tables()] == [
        ("made", 2018),
        ("made", 2019),
        ("other", 2018),
    ]
    assert len(store.remove("made")) == 2
    with pytest.raises(StoreError, match="weaklink tables list"):
        store.remove("made")


@pytest.mark.parametrize("place", [0.02, 0.3, 0.7, 0.999])
def test_one_flipped_bit_is_refused(tmp_path: Path, place: float) -> None:
    stored = AccountStore(tmp_path).add(accounts(), card(), NAMES)
    whole = bytearray(stored.path.read_bytes())
    whole[int(len(whole) * place)] ^= 4
    stored.path.write_bytes(whole)
    assert stored.state().startswith("damaged")
    with pytest.raises(StoreError, match="Delete this file"):
        stored.accounts()


@pytest.mark.parametrize("keep", [0, 10, 900])
def test_a_cut_file_is_named_with_the_others(tmp_path: Path, keep: int) -> None:
    store = AccountStore(tmp_path)
    stored = store.add(accounts(), card(), NAMES)
    stored.path.write_bytes(stored.path.read_bytes()[:keep])
    with pytest.raises(StoreError, match=stored.path.name):
        store.tables()


def test_the_leftover_of_a_killed_writer_is_no_table_and_is_swept(tmp_path: Path) -> None:
    store = AccountStore(tmp_path)
    store.folder.mkdir(parents=True)
    leftover = store.folder / "999999999-x.partial"
    leftover.write_bytes(b"half")
    assert store.tables() == ()
    store.add(accounts(), card(), NAMES)
    assert not leftover.exists()


def test_a_place_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    (tmp_path / "accounts").write_text("a file where the directory should be")
    with pytest.raises(StoreError, match="accounts"):
        AccountStore(tmp_path).add(accounts(), card(), NAMES)


def test_the_embedded_table_is_made_again_from_its_original(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build_io, "ROOT", tmp_path)
    build_io.main(shared_data)
    for name in ("hs_isic.csv", "sector_isic.csv", "isic_titles.csv"):
        assert (tmp_path / name).read_bytes() == (data.ROOT / name).read_bytes()
    place = tmp_path / "icio_2020.arrow"
    again = StoredTable.open(place, replace(data.card("icio_2020"), sha256=_sha(place)))
    same(again.accounts(), embedded_table().accounts())


def test_the_embedded_table_is_the_original_to_the_last_digit(shared_data: Path) -> None:
    one = embedded_table().accounts()
    with np.load(shared_data / "io" / "oecd_icio2020_77x11.npz", allow_pickle=False) as original:
        np.testing.assert_allclose(one.Z, original["Z"], rtol=1e-12, atol=1e-9)
        np.testing.assert_allclose(one.x, original["x"], rtol=1e-14)
        np.testing.assert_allclose(one.value_added, original["va"] + original["tls"], rtol=1e-12)
        assert one.regions == tuple(original["countries"].tolist())
    assert one.value_added.sum() == pytest.approx(
        82_049_604, rel=1e-6
    )  # million US dollars, with taxes on products
