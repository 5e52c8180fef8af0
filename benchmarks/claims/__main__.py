"""``python -m benchmarks.claims``: measure the claims check and write its page."""

import sys

from benchmarks.claims.measuring import main

sys.exit(main())
