"""The same document gives the same bytes: another process, hash seed, time zone, day and order."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documents.certificate import as_pem, company
from tests.documents.making import NAMES

ROOT = Path(__file__).parents[2]
LIVES = (
    {"day": "2026-11-24", "order": "first", "PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"},
    {"day": "2031-02-28", "order": "last", "PYTHONHASHSEED": "77", "TZ": "Pacific/Kiritimati"},
    {
        "day": "2027-07-01",
        "order": "first",
        "PYTHONHASHSEED": "4711",
        "TZ": "America/Los_Angeles",
        "LC_ALL": "C.UTF-8",
    },
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    """The hashes of every kind of file, each time in another life."""
    certificate = as_pem(company(), tmp_path_factory.mktemp("company") / "company.pem")
    found = []
    for life in LIVES:
        settings = dict(life)
        words = [settings.pop("day"), str(certificate), settings.pop("order")]
        done = subprocess.run(
            [sys.executable, "-m", "tests.documents.making", *words],
            cwd=ROOT,
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            check=True,
        )
        found.append(json.loads(done.stdout))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_same_bytes_in_every_life(made: list[dict[str, str]], name: str) -> None:
    assert len({each[name] for each in made}) == 1
    assert len(made[0][name]) == 64


def test_each_lived_on_a_day_of_its_own(made: list[dict[str, str]]) -> None:
    assert [each["year"] for each in made] == [2026, 2031, 2027]
