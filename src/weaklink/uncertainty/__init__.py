"""How sure is an answer? Ranges, seeded draws, bands, ranks that hold, and what the answer hangs on.

`ranges` says what is not known exactly, `draws` takes points of all ranges at once, evenly, by seed. A model is any
function that takes draws by name and gives a figure for each: `bands` says what its figures are, `ranks` whether their
order holds, `sensitivity` which range moves them. Nothing here knows what the figures mean.
"""
