"""Who competes at screening? One small program each; every one of them prints what it found and how long it took.

    python NAME.py FILE BLOC core|all

`core` is what is asked every day: for every importer of every product its imports, Herfindahl index, largest supplier
and its share, imports over exports; for one bloc of 27 taken as one the Herfindahl index of its suppliers outside,
the share of imports from outside, imports over exports. `all` is every indicator that weaklink declares, for all of
them; the supplier group is the second half of the countries by code. What they find is summed up in a few figures,
so that it can be compared before time counts.
"""
