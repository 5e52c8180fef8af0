"""Bulk: one composition for many accounts, signed in one act, printed from plates.

In come a filter of accounts, roles and a template; out go materials with their signatures and one
sealed, numbered PDF for each. It prints no other words than a single material would and approves
nothing that was not signed: see docs/decisions/0020-bulk.md.
"""
