"""The screening in Polars, lazy and streaming, over a Parquet file with whole numbers for codes; core only."""

from __future__ import annotations

import json
import sys
import time

import polars as pl


def main(file: str, bloc: str, asked: str) -> None:
    """Answer, and print checks and seconds."""
    if asked != "core":
        raise SystemExit("only the core figures are written for Polars")
    began = time.perf_counter()
    numbers = [int(word) for word in bloc.split(",")]
    flows = pl.scan_parquet(file).select("i", "j", "k", "v")
    total, double = pl.col("v").sum(), pl.col("v").cast(pl.Float64)
    hhi = (double**2).sum() / double.sum() ** 2
    each = flows.group_by("j", "k").agg(
        m=total, hhi=hhi, top_share=pl.col("v").max() / total, top=pl.col("i").get(pl.col("v").arg_max())
    )
    sold = flows.group_by(pl.col("i").alias("j"), "k").agg(x=total)
    each = each.join(sold, on=["j", "k"], how="left").with_columns(ratio=pl.col("m") / pl.col("x"))
    sells, buys = pl.col("i").is_in(numbers), pl.col("j").is_in(numbers)
    outside = flows.filter(~sells & buys).group_by("k", "i").agg(total).group_by("k").agg(m=total, hhi=hhi)
    inside = flows.filter(sells & buys).group_by("k").agg(n=total)
    exports = flows.filter(sells & ~buys).group_by("k").agg(x=total)
    one = (
        outside.join(inside, on="k", how="left")
        .join(exports, on="k", how="left")
        .with_columns(
            external=pl.col("m") / (pl.col("m") + pl.col("n").fill_null(0)), ratio=pl.col("m") / pl.col("x")
        )
    )
    e, b = pl.collect_all([each, one], engine="streaming")
    checks = [
        len(e),
        float(e["m"].sum()),
        e["hhi"].sum(),
        e["top_share"].sum(),
        int((e["ratio"] > 1).sum()),
        b["hhi"].sum(),
        b["external"].sum(),
        int((b["ratio"] > 1).sum()),
    ]
    print(json.dumps({"seconds": time.perf_counter() - began, "checks": checks}))


if __name__ == "__main__":
    main(*sys.argv[1:])
