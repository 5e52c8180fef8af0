"""Judges of text that is no approved wording: one file for each kind of finding.

Every judge reads a :class:`~claims_library.detectors.reading.Line` (a sentence without layout) and
answers with findings. Words and thresholds come from ``claims_library.rules``; a judge holds only
what words cannot say. Nothing here keeps state between two texts.
"""
