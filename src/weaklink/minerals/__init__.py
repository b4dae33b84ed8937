"""How concentrated is the extraction of raw materials, and how risky is their supply?

`governance` makes a weight of how a country is governed; `extraction` has the figures of production by country;
`supply_risk` is the formula of the European Commission's criticality studies, each term by itself.
"""
