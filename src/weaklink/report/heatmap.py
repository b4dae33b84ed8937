"""Picture: who supplies what? Products by suppliers, the group's suppliers in a block of their own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from weaklink import tables
from weaklink.columns import Column
from weaklink.report.answer import Answer, cut, dollars, inside_sentence, percent, plural
from weaklink.report.changes import rule
from weaklink.report.chart import Chart, Spec, as_is, by, drawn_from, values
from weaklink.report.formats import large
from weaklink.report.palette import CONFIG, GROUP_RAMP, INK, OTHERS_RAMP, QUIET, shade, text_on
from weaklink.result import Record

MOST_PRODUCTS = 15
MOST_SUPPLIERS = 12
LONGEST_NAME = 110  # points
CELL_WIDTH, CELL_HEIGHT = 42, 26
REST = "All others"
SUPPLIER = Column(
    "supplier_name", "text", "", "English short name of the supplier, or all others of its block"
)


@dataclass(frozen=True, slots=True)
class Block:
    """Suppliers side by side under one heading: those of the group, or the others."""

    in_group: str  # as in `tables.SUPPLIERS`
    title: str
    ramp: tuple[str, ...]
    suppliers: tuple[str, ...]  # names, the largest first


def heatmap(answer: Answer) -> Chart | None:
    """A row per product and a column per supplier; each row adds up to all identified suppliers.

    None where no product has a share.
    """
    labels = answer.labels()
    products = answer.featured(MOST_PRODUCTS)
    codes = [row["product"] for row in products]
    bought = [row for row in answer.bought if row["product"] in codes and row["share"] is not None]
    if not bought:
        return None
    blocks = _blocks(answer, bought)
    cells = list(_cells(bought, blocks, codes, labels))
    return Chart(
        name="suppliers",
        heading=f"Who supplies what: products by suppliers, {answer.year}",
        message=_message(answer, bought, len(codes)),
        reading=(
            f"Percent of the imports of each product from identified suppliers, by {answer.measure}; darker is "
            f"more, empty is nothing; each row adds up to 100. In brackets: imports in US dollars. "
            f"Named are the {len(_largest(bought))} suppliers with the largest shares, every product counting alike. "
            f"{rule(answer, len(codes))}"
        ),
        footnote=answer.footnotes(codes),
        source=answer.source_line(),
        spec=_spec(cells, blocks, [_row_label(row, labels) for row in products]),
        data=drawn_from(
            answer,
            "suppliers",
            "the share of one supplier in the imports of one product",
            (
                tables.PRODUCT,
                tables.LABEL,
                SUPPLIER,
                tables.SUPPLIERS.column("in_group"),
                tables.VALUE_USD,
                tables.SUPPLIERS.column("share"),
            ),
            cells,
        ),
    )


def _largest(bought: Iterable[Record]) -> list[Record]:
    """One row for each of the largest suppliers: by the sum of their shares, so that every product counts.

    By value, the suppliers of oil alone would fill the columns.
    """
    total: dict[str, float] = defaultdict(float)
    one: dict[str, Record] = {}
    for row in bought:
        total[row["supplier"]] += row["share"]
        one[row["supplier"]] = row
    order = sorted(total, key=lambda supplier: (-total[supplier], supplier))
    return [one[supplier] for supplier in order[:MOST_SUPPLIERS]]


def _blocks(answer: Answer, bought: Sequence[Record]) -> tuple[Block, ...]:
    """The two blocks, each with its largest suppliers and, where there are more, all others."""
    titles = {"yes": (cut(answer.group.name, 40), GROUP_RAMP), "no": ("Other suppliers", OTHERS_RAMP)}
    blocks = []
    for side, (title, ramp) in titles.items():
        named = [row["supplier_name"] for row in _largest(bought) if row["in_group"] == side]
        all_names = {row["supplier_name"] for row in bought if row["in_group"] == side}
        rest = [REST] if all_names - set(named) else []
        if named or rest:
            blocks.append(Block(side, title, ramp, (*named, *rest)))
    return tuple(blocks)


def _cells(
    bought: Sequence[Record], blocks: Sequence[Block], codes: Sequence[str], labels: Mapping[str, str]
) -> Iterable[dict[str, Any]]:
    """One cell for every product and column, also where nothing was bought."""
    known = {(row["product"], row["supplier_name"]): row for row in bought}
    for code in codes:
        for block in blocks:
            ours = [row for row in bought if row["product"] == code and row["in_group"] == block.in_group]
            for name in block.suppliers:
                rows = [known[code, name]] if (code, name) in known else []
                if name == REST:
                    rows = [row for row in ours if row["supplier_name"] not in block.suppliers]
                share = float(sum(row["share"] for row in rows))
                yield {
                    "product": code,
                    "label": labels[code],
                    "supplier_name": name,
                    "in_group": block.in_group,
                    "value_usd": sum(row["value_usd"] for row in rows),
                    "share": share,
                }


def _message(answer: Answer, bought: Sequence[Record], products: int) -> str:
    """Which supplier leads for most products."""
    best: dict[str, Record] = {}
    for row in bought:
        if row["product"] not in best or row["share"] > best[row["product"]]["share"]:
            best[row["product"]] = row
    if products == 1:
        only = next(iter(best.values()))
        return (
            f"{only['supplier_name']} supplied {percent(only['share'])} of {inside_sentence(only['label'])}."
        )
    counted = Counter(row["supplier_name"] for row in best.values())
    name, count = min(counted.items(), key=lambda item: (-item[1], item[0]))
    inside = sum(row["in_group"] == "yes" for row in best.values())
    group = ""
    if len(answer.group.countries) > 1:
        which = "all" if inside == products else f"{inside}"
        group = f"; for {which} of them the largest supplier belongs to {answer.group.name}"
    return f"{name} is the largest supplier of {count} of {plural(products, 'product')}{group}."


def _row_label(row: Record, labels: Mapping[str, str]) -> str:
    return f"{labels[row['product']]} ({large(row['imports_usd'])})"


def _spec(cells: Sequence[Record], blocks: Sequence[Block], rows: Sequence[str]) -> Spec:
    order = list(dict.fromkeys(cell["product"] for cell in cells))
    label = dict(zip(order, rows, strict=True))
    longest = max(len(name) for block in blocks for name in block.suppliers)
    above = 28 + 0.64 * min(6.2 * longest, LONGEST_NAME)  # rotated by 40 degrees
    drawn = [
        [_drawn(cell, block, label) for cell in cells if cell["in_group"] == block.in_group]
        for block in blocks
    ]
    return {
        "config": CONFIG,
        "spacing": 14,
        "resolve": {"scale": {"y": "shared"}},
        "hconcat": [
            _block(mine, block, rows, above, first=block is blocks[0])
            for mine, block in zip(drawn, blocks, strict=True)
        ],
    }


def _drawn(cell: Record, block: Block, label: Mapping[str, str]) -> dict[str, Any]:
    fill = shade(block.ramp, cell["share"] ** 0.75) if cell["share"] else "#f7f8f8"
    return {
        "row": label[cell["product"]],
        "column": cell["supplier_name"],
        "fill": fill,
        "ink": QUIET if cell["share"] < 0.005 else text_on(fill),
        "text": percent(cell["share"]).rstrip("%") if cell["share"] else "",
        "note": f"{cell['supplier_name']}, {cell['label']}: {percent(cell['share'])}, {dollars(cell['value_usd'])}",
    }


def _block(cells: Sequence[Record], block: Block, rows: Sequence[str], above: float, *, first: bool) -> Spec:
    axis = {"labelLimit": 330, "labelColor": INK, "labelFontSize": 12} if first else None
    return {
        "data": values(cells),
        "width": {"step": CELL_WIDTH},
        "height": {"step": CELL_HEIGHT},
        "encoding": {
            "x": by(
                "column",
                "nominal",
                sort=list(block.suppliers),
                title=None,
                axis={
                    "orient": "top",
                    "labelAngle": -40,
                    "labelColor": INK,
                    "labelLimit": LONGEST_NAME,
                    "labelPadding": 4,
                },
            ),
            "y": by("row", "nominal", sort=list(rows), title=None, axis=axis),
        },
        "layer": [
            {
                "mark": {"type": "rect", "stroke": "#ffffff", "strokeWidth": 2},
                "encoding": {"fill": as_is("fill"), "description": by("note", "nominal")},
            },
            {
                "mark": {"type": "text", "fontSize": 12, "aria": False},
                "encoding": {"text": by("text", "nominal"), "color": as_is("ink")},
            },
            {
                "data": {"values": [{"title": block.title}]},
                "mark": {
                    "type": "text",
                    "align": "left",
                    "fontSize": 12,
                    "fontWeight": "bold",
                    "aria": False,
                },
                "encoding": {
                    "x": {"value": 0},
                    "y": {"value": -above},
                    "text": by("title", "nominal"),
                    "description": None,
                },
            },
        ],
    }
