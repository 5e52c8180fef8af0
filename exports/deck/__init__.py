"""Decks: a document tree laid out as slides, drawn as a 16:9 PDF and as a native PPTX.

In comes a frozen document, out come slides that fit (measured with the fonts of both formats) and
the bytes of either. The slides are the same in both, so that "slide 7" means one thing. Nothing
here reads the database, the clock or the network.
"""
