"""How concentrated are our direct imports, and can they be replaced?

`supply` turns flows into suppliers by product; `concentration`, `origin`, `prices` and `topology` hold the
measures; `lens` says for each declared indicator how it is computed.
"""
