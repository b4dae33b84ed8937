"""The screening in DuckDB SQL, over a Parquet file with whole numbers for codes."""

from __future__ import annotations

import json
import os
import sys
import time

import duckdb

CORE = """
create table each as
with m as (select k, j, sum(v) m, sum(v::double * v) / (sum(v)::double * sum(v)) hhi, max(v) / sum(v) top_share,
                  arg_max(i, v) top from d group by k, j),
     x as (select k, i j, sum(v) x from d group by k, i)
select m.*, m / x ratio from m left join x using (k, j);
create table together as
with f as (select k, i, v, i in (select i from bloc) sells, j in (select i from bloc) buys from d),
     s as (select k, i, sum(v) v from f where buys and not sells group by k, i),
     e as (select k, sum(v) m, sum(v::double * v) / (sum(v)::double * sum(v)) hhi from s group by k),
     n as (select k, sum(v) n from f where buys and sells group by k),
     x as (select k, sum(v) x from f where sells and not buys group by k)
select e.*, m / (m + coalesce(n, 0)) external, m / x ratio from e left join n using (k) left join x using (k);
"""
# Importers: every country by itself, and the bloc as number -1; `p` are the purchases of all of them.
ALL = """
create table p as
select k, j, i, v from d union all
select k, -1, i, sum(v) from d where j in (select i from bloc) and i not in (select i from bloc) group by k, i;
create table sold as
select k, i, sum(v) v, sum(v) filter (j not in (select i from bloc)) outside from d group by k, i;
create table bought as
select k, j i, coalesce(sum(v) filter (i in (select i from grp)), 0) of_group,
       coalesce(sum(v) filter (i not in (select i from grp)), 0) of_others from d group by k, j;
create table figures as
with w as (select k, sum(v) w, sum(v::double * v) / (sum(v)::double * sum(v)) whhi, max(v) wtop,
                  sum(v) filter (i in (select i from grp)) / sum(v) gws from sold group by k),
     t as (select k, count(distinct c) traders from (select k, i c from d union all select k, j from d) group by k),
     x as (select k, i j, v x from sold union all
           select k, -1, sum(outside) from sold where i in (select i from bloc) group by k),
     n as (select k, -1 j, sum(v) n from d
           where j in (select i from bloc) and i in (select i from bloc) group by k),
     e as (select p.k, p.j, sum(p.v) m, sum(p.v::double * p.v) / (sum(p.v)::double * sum(p.v)) hhi,
                  max(p.v) / sum(p.v) top_share, arg_max(p.i, p.v) top,
                  list_sum(max(p.v, 3)) / sum(p.v) top3, count(p.v) suppliers,
                  coalesce(sum(p.v) filter (g.i is not null), 0) / sum(p.v) group_share,
                  coalesce(max(p.v) filter (g.i is not null), 0) / sum(p.v) group_top,
                  sum(case when g.i is not null then greatest(0, p.v - coalesce(of_others, 0)) else 0 end)
                    / sum(p.v) low,
                  sum(case when g.i is not null then p.v else least(p.v, coalesce(of_group, 0)) end) / sum(p.v) high
           from p left join grp g using (i) left join bought b on b.k = p.k and b.i = p.i group by p.k, p.j)
select e.*, 1 / hhi effective, m / x ratio, m / (m + coalesce(n, 0)) external,
       m / (coalesce(n, 0) + x) supply, gws, whhi,
       (traders * wtop - w) / w / (traders - 1) centralization
from e left join x using (k, j) left join n using (k, j) join w using (k) join t using (k);
create table pairs as select distinct k, least(i, j) a, greatest(i, j) b from d where i <> j;
create table clustering as
with deg as (select k, c, count(*) n from (select k, a c from pairs union all select k, b from pairs) group by k, c),
     tri as (select p.k, count(*) n from pairs p join pairs q on q.k = p.k and q.a = p.b
             join pairs r on r.k = p.k and r.a = p.a and r.b = q.b group by p.k)
select k, 3.0 * coalesce(tri.n, 0) / nullif(sum(deg.n * (deg.n - 1) / 2), 0) c
from deg left join tri using (k) group by k, tri.n;
create table far as
with u as (select k, i, j, v, ln(v / q) u from d where q > 0),
     m as (select k, median(u) m from u group by k),
     a as (select k, i, j, v, abs(u - m) a from u join m using (k)),
     s as (select k, median(a) s from a group by k)
select k, i, j, v, a > 3.5 * 1.4826 * s and s > 0 far from a join s using (k);
create table outliers as
select k, j, sum(v) filter (far) / sum(v) o from far group by k, j union all
select k, -1, sum(v) filter (far) / sum(v) from far
where j in (select i from bloc) and i not in (select i from bloc) group by k;
"""
CORE_CHECKS = """
select (select count(*) from each), (select sum(m)::double from each), (select sum(hhi) from each),
       (select sum(top_share) from each), (select count(*) from each where ratio > 1),
       (select sum(hhi) from together), (select sum(external) from together),
       (select count(*) from together where ratio > 1)
"""
ALL_CHECKS = """
select (select count(*) from figures), (select sum(m)::double from figures), (select sum(hhi) from figures),
       (select sum(top_share) from figures), (select count(*) from figures where ratio > 1),
       (select sum(top3) from figures), (select sum(group_share) from figures), (select sum(group_top) from figures),
       (select sum(low) from figures), (select sum(high) from figures), (select sum(whhi) from figures),
       (select sum(centralization) from figures), (select sum(c) from clustering), (select sum(o) from outliers)
"""


def main(file: str, bloc: str, asked: str) -> None:
    """Answer, and print checks and seconds."""
    engine = duckdb.connect(config={"threads": int(os.environ["OMP_NUM_THREADS"])})
    began = time.perf_counter()
    columns = "t, i, j, k, v, q" if asked == "all" else "t, i, j, k, v"
    engine.execute(f"create view d as select {columns} from read_parquet('{file}')")
    engine.execute(f"create table bloc as select unnest([{bloc}]) i")
    if asked == "all":
        countries = "select distinct i from d union select distinct j from d"
        engine.execute(
            f"create table grp as with c as ({countries}), r as (select i, row_number() over (order by i) n from c) "
            "select i from r where n > (select count(*) // 2 from c)"
        )
    engine.execute(f"create or replace temp table kept as select {columns} from d")
    engine.execute("drop view d")
    engine.execute("create view d as select * from kept")
    engine.execute(ALL if asked == "all" else CORE)
    checks = engine.execute(ALL_CHECKS if asked == "all" else CORE_CHECKS).fetchone()
    print(json.dumps({"seconds": time.perf_counter() - began, "checks": checks}))


if __name__ == "__main__":
    main(*sys.argv[1:])
