"""The ground floor: database, trail, signatures, people, roles, lifecycles, files, errands.

Comes in: a session, an actor, plain values. Goes out: rows, objections, verified signatures.
It may not know any other room of the house, nor that there is a web.
"""
