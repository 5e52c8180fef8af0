"""The command line as a person calls it, in a home of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cms.cli.main import main
from cms.installation import create
from cms.settings import Settings

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """``run("verify", …)`` answers with status, standard output and standard error."""
    monkeypatch.setenv("CLEARCOPY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CLEARCOPY_PASSWORD", "a long enough secret 42")
    for name in ("DATABASE_URL", "PORT", "HOST", "ENV", "SECRET_KEY", "DEBUG", "SECURE_COOKIES"):
        monkeypatch.delenv(f"CLEARCOPY_{name}", raising=False)

    def call(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["clearcopy", *words])
        status = main()
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


@pytest.fixture
def installed(run: Run, tmp_path: Path) -> Run:
    place, _ = create(Settings(home=tmp_path / "home"))
    place.engine.dispose()
    return run
