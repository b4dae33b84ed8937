"""What does losing trade cost in a year, and in the long run? Arrays in, arrays out.

The short run. `ces` is one sector with one scarce input, exactly and by the published formulas. `economy` is a
network of such sectors; `second_order` says what its first and second derivatives predict (Hulten; Baqaee and
Farhi), and `exact` solves it, so that one sees where the predictions fail. `national` makes such an economy of
one country out of an input-output table.

The long run. `armington` is trade equilibrium with one sector, `caliendo_parro` with many and with input-output
links, both in changes ("exact hat algebra"); `barriers` says what changes, from a dearer trade to none at all;
`welfare` has the formulas that need no equilibrium (Arkolakis, Costinot and Rodríguez-Clare). `fixed_point` is
the iteration that both use, `bound` says when an answer is one, and `world` how an input-output table becomes their
baseline.

Never add losses of the two: one is what a year costs before anything adjusts, the other what remains once all has.
"""
