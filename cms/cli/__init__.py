"""The command line: thin commands over the rooms' operations.

Exit status: 0 fine, 1 the answer is "no", 2 bad input or usage with one clear sentence.
"""

from __future__ import annotations

from cms.cli.main import main

__all__ = ["main"]
