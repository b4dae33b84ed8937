"""How dependent are we through our suppliers' suppliers? Arrays in, arrays out.

`accounts` is what every question is asked of: one inter-country input-output table of one year, which `checking`
has found sound. `solve` answers with the Leontief inverse without forming it. The questions: `reliance` on suppliers
and `market_reliance` on buyers, each at face value and looked through; `trade_in_value_added`; `extraction`, what would
be missing; `inoperability`; `high_order` trade and `passage` through countries; `paths`, through whom.
`coefficients` and `aggregation` have what they share, `textbook` the smallest tables to try them on.

A bloc is a set of regions everywhere. It is added up after the solve; what its members sell each other stays inside.
"""
