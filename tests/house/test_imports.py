"""The rooms import only the rooms below them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_import_contracts_hold() -> None:
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout


# what prints, reads files or works in the background; each web process would hold all of it
HEAVY = (
    *("weasyprint", "fontTools", "pikepdf", "PIL", "pptx", "uharfbuzz", "css_inline"),
    *("openpyxl", "lxml", "numpy", "huey", "alembic", "whoosh.index"),
)


def test_a_web_process_starts_without_what_it_does_not_need() -> None:
    program = (
        "import importlib, pkgutil, sys, cms.app, cms.installation, cms.serving, cms.web\n"
        "cms.installation.load_tables()\n"
        "for each in pkgutil.iter_modules(cms.web.__path__):\n"
        "    importlib.import_module(f'cms.web.{each.name}')\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
