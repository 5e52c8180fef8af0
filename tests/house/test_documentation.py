"""The documents say what is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from accounts.layouts import CLEARCOPY
from accounts.stakeholder_file import COLUMNS as STAKEHOLDER_COLUMNS
from claims_library.claim_table import COLUMNS as CLAIM_COLUMNS
from cms.cli.main import cli
from cms.settings import Settings
from exports.tokens import NAMES
from modules.module_file import KEYS as MODULE_KEYS

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#]+)")
# a file of this project as documents name it: `mlr/standing.py`
NAMED = re.compile(
    r"`((?:cms|exports|accounts|modules|claims_library|mlr|records|templates|benchmarks)"
    r"/[\w./-]+\.\w+)`"
)
# folders of one machine; a path in a document works for every reader or is not there
MACHINE = re.compile(r"(?<![\w.:/-])/(?:home|Users|root|tmp|work|opt|mnt|srv)/|\b[A-Z]:\\")
ROW = re.compile(r"^\| `CLEARCOPY_(\w+)` \| (.+?) \|", re.MULTILINE)


def documented() -> dict[str, str]:
    text = (ROOT / "docs" / "settings.md").read_text()
    return {name.lower(): default for name, default in ROW.findall(text)}


def test_every_setting_is_documented_and_no_other() -> None:
    assert list(documented()) == list(Settings.model_fields)


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_documented_defaults_are_the_real_ones(name: str) -> None:
    default = str(Settings.model_fields[name].default)
    assert documented()[name] == (f"`{default}`" if default else "(empty)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    lost = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_are_named_exist(page: Path) -> None:
    lost = [name for name in NAMED.findall(page.read_text()) if not (ROOT / name).exists()]
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_path_of_one_machine(page: Path) -> None:
    assert MACHINE.findall(page.read_text()) == []


@pytest.mark.parametrize("path", ["/work/main", "in /tmp/x.pdf", "`/home/me`", "C:\\Users"])
def test_a_path_of_one_machine_would_be_found(path: str) -> None:
    assert MACHINE.search(path)


@pytest.mark.parametrize("command", ["make demo", "make test"])
def test_the_readme_names_the_two_commands(command: str) -> None:
    target = command.removeprefix("make ")
    assert re.search(rf"^{command}\b", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_nothing_is_called_compliant(page: Path) -> None:
    assert "compliant" not in page.read_text().lower()


OWN = (ROOT / "docs" / "own-product.md").read_text()
COMMANDS = re.findall(r"^clearcopy .+$", OWN, re.MULTILINE)


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_of_the_walk_are_those_of_the_program(line: str) -> None:
    words = shlex.split(line)[1:]
    command: click.Command = cli
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words.pop(0))
        assert found is not None, line
        command = found
    # parsed with every option checked; nothing is carried out
    command.make_context(command.name, words, resilient_parsing=False)


def test_the_columns_of_files_are_those_that_are_read() -> None:
    table = OWN[OWN.index("| column |") : OWN.index("**Modules**")]
    assert tuple(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == CLAIM_COLUMNS
    modules = OWN[OWN.index("**Modules**") : OWN.index("**Accounts**")]
    assert [key for key in MODULE_KEYS if f"`{key}`" not in modules] == []
    accounts = OWN[OWN.index("**Accounts**") :]
    columns = [*CLEARCOPY.columns, *STAKEHOLDER_COLUMNS]
    assert [name for name in columns if f"`{name}`" not in accounts] == []
    assert [name for name in NAMES if f"{{{{{name}}}}}" not in modules] == []
