"""Measures: how long work takes, how often it comes back, what is used and what is not.

In: a period and, if wanted, one product. Out: figures that the database worked out from jobs,
tasks, versions, materials and copies. Nothing here changes anything, and nothing is estimated: a
group without cases has no figure.
"""
