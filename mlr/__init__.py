"""The review engine: jobs, circulations, tasks, verdicts and market packs.

Comes in: the subject's kind, id and content hash. Goes out: an outcome that the subject's room
applies to its own lifecycle. It may not know claims, modules or materials, only ``records``.
"""
