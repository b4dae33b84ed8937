"""The screening in pandas, over a Parquet file with whole numbers for codes."""

from __future__ import annotations

import json
import sys
import time

import numpy as np
import pandas as pd


def shares(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Imports, Herfindahl index, largest supplier and its share, by importer and product."""
    group = frame.groupby(keys)["v"]
    share = frame["v"] / group.transform("sum")
    frame = frame.assign(share=share, square=share**2)
    found = frame.groupby(keys).agg(m=("v", "sum"), hhi=("square", "sum"), top_share=("share", "max"))
    found["top"] = frame.loc[group.idxmax(), "i"].to_numpy()
    return found


def together(frame: pd.DataFrame, bloc: list[int]) -> pd.DataFrame:
    """The bloc as one importer."""
    sells, buys = frame["i"].isin(bloc), frame["j"].isin(bloc)
    outside = frame[~sells & buys].groupby(["k", "i"])["v"].sum().reset_index()
    found = shares(outside, ["k"])
    found["n"] = frame[sells & buys].groupby("k")["v"].sum()
    found["x"] = frame[sells & ~buys].groupby("k")["v"].sum()
    found["external"] = found["m"] / (found["m"] + found["n"].fillna(0))
    found["ratio"] = found["m"] / found["x"]
    return found


def core(frame: pd.DataFrame, bloc: list[int]) -> list[float]:
    """The figures that are asked every day."""
    each = shares(frame, ["j", "k"])
    sold = frame.groupby(["i", "k"])["v"].sum().rename_axis(["j", "k"])
    ratio = each["m"] / sold.reindex(each.index)
    bloc_figures = together(frame, bloc)
    return [
        len(each),
        float(each["m"].sum()),
        each["hhi"].sum(),
        each["top_share"].sum(),
        int((ratio > 1).sum()),
        bloc_figures["hhi"].sum(),
        bloc_figures["external"].sum(),
        int((bloc_figures["ratio"] > 1).sum()),
    ]


def everything(frame: pd.DataFrame, bloc: list[int]) -> list[float]:
    """Every indicator, for each country and, as number -1, the bloc."""
    codes = np.union1d(frame["i"], frame["j"])
    group = codes[len(codes) // 2 :]
    sells, buys = frame["i"].isin(bloc), frame["j"].isin(bloc)
    own = frame[buys & ~sells].groupby(["k", "i"], as_index=False)["v"].sum().assign(j=-1)
    p = pd.concat([frame[["k", "j", "i", "v"]], own], ignore_index=True)
    in_group = frame["i"].isin(group)
    of_group = frame[in_group].groupby(["k", "j"])["v"].sum()
    of_others = frame[~in_group].groupby(["k", "j"])["v"].sum()
    seller = pd.MultiIndex.from_arrays([p["k"], p["i"]])
    passed = of_group.reindex(seller).fillna(0).to_numpy()
    other = of_others.reindex(seller).fillna(0).to_numpy()
    chosen = p["i"].isin(group)
    p["of_group"] = p["v"].where(chosen, 0)
    p["low"] = np.maximum(p["v"] - other, 0) * chosen
    p["high"] = np.where(chosen, p["v"], np.minimum(p["v"], passed))
    each = shares(p, ["k", "j"])
    sums = p.groupby(["k", "j"]).agg(
        of_group=("of_group", "sum"),
        top=("of_group", "max"),
        low=("low", "sum"),
        high=("high", "sum"),
        n=("v", "size"),
    )
    three = p.sort_values("v", ascending=False).groupby(["k", "j"]).head(3).groupby(["k", "j"])["v"].sum()
    sold = frame.groupby(["k", "i"])["v"].sum().rename_axis(["k", "j"])
    outside = frame[sells & ~buys].groupby("k")["v"].sum()
    outside.index = pd.MultiIndex.from_arrays([outside.index, np.full(len(outside), -1)], names=["k", "j"])
    exports = pd.concat([sold, outside]).reindex(each.index)
    world = shares(sold.rename_axis(["k", "i"]).reset_index(), ["k"])
    traders = pd.concat([frame[["k", "i"]], frame[["k", "j"]].set_axis(["k", "i"], axis=1)])
    traders = traders.drop_duplicates().groupby("k").size()
    central = (traders * world["top_share"] - 1) / (traders - 1)
    product = each.index.get_level_values("k")
    m = each["m"]
    return [
        len(each),
        float(m.sum()),
        each["hhi"].sum(),
        each["top_share"].sum(),
        int((m / exports > 1).sum()),
        (three / m).sum(),
        (sums["of_group"] / m).sum(),
        (sums["top"] / m).sum(),
        (sums["low"] / m).sum(),
        (sums["high"] / m).sum(),
        world["hhi"].reindex(product).sum(),
        central.reindex(product).sum(),
        clustering(frame),
        outliers(frame, sells, buys),
    ]


def clustering(frame: pd.DataFrame) -> float:
    """Sum over products of the transitivity of the network of their traders."""
    total = 0.0
    for _, one in frame.groupby("k"):
        traders, place = np.unique(np.r_[one["i"], one["j"]], return_inverse=True)
        a, b = place.reshape(2, -1)
        joined = np.zeros((len(traders),) * 2, dtype=np.float32)
        joined[a, b] = joined[b, a] = 1
        degree = joined.sum(axis=0, dtype=np.float64)
        triples = (degree * (degree - 1)).sum()
        if triples:
            total += ((joined @ joined) * joined).sum(dtype=np.float64) / triples
    return total


def outliers(frame: pd.DataFrame, sells: pd.Series, buys: pd.Series) -> float:
    """Sum over importers of the share of value with an outlying price."""
    judged = frame["q"] > 0
    one = frame[judged]
    price = np.log(one["v"] / one["q"])
    off = (price - price.groupby(one["k"]).transform("median")).abs()
    spread = off.groupby(one["k"]).transform("median")
    far = one["v"].where((spread > 0) & (off > 3.5 * 1.4826 * spread), 0)
    keys = [one["k"], one["j"]]
    each = far.groupby(keys).sum() / one["v"].groupby(keys).sum()
    mine = (buys & ~sells)[judged]
    bloc = far[mine].groupby(one["k"][mine]).sum() / one["v"][mine].groupby(one["k"][mine]).sum()
    return each.sum() + bloc.sum()


def main(file: str, bloc: str, asked: str) -> None:
    """Answer, and print checks and seconds."""
    began = time.perf_counter()
    columns = ["i", "j", "k", "v", *(["q"] if asked == "all" else [])]
    frame = pd.read_parquet(file, columns=columns)
    numbers = [int(word) for word in bloc.split(",")]
    checks = everything(frame, numbers) if asked == "all" else core(frame, numbers)
    print(json.dumps({"seconds": time.perf_counter() - began, "checks": [float(one) for one in checks]}))


if __name__ == "__main__":
    main(*sys.argv[1:])
