"""Products, labels, references and claims, and the checker that compares a text with them.

Comes in: label and claims files, texts to check. Goes out: claim versions with anchors, findings
and matches. It may import ``mlr`` and ``records``; it may not know modules or materials.
"""
