"""Content modules: their versions, claims used, tags, rules and search.

Comes in: Markdown with front matter, edits, queries. Goes out: immutable approved versions with
canonical content. It may import ``claims_library``, ``mlr`` and ``records``.
"""
