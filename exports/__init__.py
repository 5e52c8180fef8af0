"""Materials: assembled from approved modules, checked, signed, rendered, released and issued.

Comes in: account, product, role, phase, template. Goes out: renditions with a signed manifest and
numbered controlled copies. It may import every room below; it may not know the web.
"""
