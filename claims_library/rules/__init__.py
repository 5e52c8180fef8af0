"""Rule packs: what the checker looks for, as data with versions, sources and tested examples.

``packs/*.yaml`` are the rules of one market, ``words/*.yaml`` the words they and the judges read.
A customer's own pack adds words, thresholds and rules without code (``docs/rules.md``). Loaded
once, never changed while running.
"""
