"""How concentrated are our direct imports, and can they be replaced?

`supply` turns flows into one table of suppliers per product; `concentration` holds the measures that are
computed from such a table; `dependence` joins them into the figures of one importer.
"""
