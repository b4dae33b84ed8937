"""Where data outgrow one machine: the same kernel under Apache Spark, on snapshots or on customs microdata.

Nothing here computes a figure. Spark reads, adds up and deals out whole items; each task asks `trade.panel`, as
one machine does. Spark is an extra: `pip install 'weaklink[spark]'`; modules import it when they run.
"""
