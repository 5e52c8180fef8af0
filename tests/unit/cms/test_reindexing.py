from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from cms.cli.main import cli
from cms.cli.people import init
from modules.search import SearchUnavailable
from modules.search_whoosh import WhooshSearch


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLEARCOPY_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("CLEARCOPY_DATABASE_URL", raising=False)
    result = CliRunner().invoke(init, [])
    assert result.exit_code == 0, result.output
    return tmp_path / "home"


def test_a_new_installation_can_be_searched(home: Path):
    assert WhooshSearch(home / "search").find("anything") == []


def test_reindex_makes_an_index_where_there_was_none(home: Path):
    shutil.rmtree(home / "search")
    with pytest.raises(SearchUnavailable):
        WhooshSearch(home / "search").find("anything")

    result = CliRunner().invoke(cli, ["reindex"])

    assert result.exit_code == 0, result.output
    assert "The search index holds 0 texts of modules." in result.output
    assert WhooshSearch(home / "search").find("anything") == []
