"""Accounts with tier, care setting and journey phase, their stakeholders and territories.

Comes in: account files. Goes out: the account facts a material may be personalised with.
It may import the rooms below it; it may not know materials.
"""
