"""``python -m cms.cli``: the command line where no ``clearcopy`` is installed."""

from __future__ import annotations

import sys

from cms.cli.main import main

sys.exit(main())
