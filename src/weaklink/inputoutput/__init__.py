"""How dependent are we through our suppliers' suppliers? Arrays in, arrays out.

`accounts` is what every question is asked of: one inter-country input-output table of one year.
"""
