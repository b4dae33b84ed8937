"""How does a shortage spread from day to day? ARIO: inventories, rationing, overproduction, recovery.

`economy` makes an input-output table ready for it, `model` has the parameters; `shock` says what goes wrong and how it
comes back, `plan` lays that out by day. `day` is one day, written like the paper; its parts are `trading` (who gets and
orders what), `cuts` (who may be delivered to), `final` (what final buyers get) and `rebuilding` (of what was
destroyed). `simulate` is a course of days, for many scenarios side by side. `bounds` brackets the loss: what nobody
could undercut, and what no substitution costs.

Sources: Hallegatte (2008), An adaptive regional input-output model, Risk Analysis 28(3), 779; Hallegatte (2014),
Modeling the role of inventories and heterogeneity, Risk Analysis 34(1), 152; Juhel (2024), BoARIO, Journal of Open
Source Software 9(97), 6547, whose rules in code are followed where they differ from its manual.
"""
