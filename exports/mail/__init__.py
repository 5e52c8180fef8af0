"""Approved emails: the words around the modules, the message, its seal, and its sending.

In comes a document tree with a letter, out come bytes that prove what they are, and a record of
who got them. Nothing here may know of pages.
"""
