"""Two versions of a module side by side."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from flask import render_template, request

from cms.pages import page, session
from cms.web import module_values as values_of
from cms.web.module_values import Values
from cms.web.modules import blueprint
from mlr.comparing import Block, ComparedBlock, FactChange, Reading, compare_readings
from modules import history
from modules.models import Module, ModuleVersion
from modules.reading import reading
from records.errors import NotFound
from records.roles import Permission

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*%?")


@page(blueprint, "/modules/<code>/compare", permission=Permission.READ_LIBRARY)
def compare(code: str) -> str:
    """Word by word; without ``from`` and ``to`` the latest version against the one before it."""
    module = history.get_module(session(), code)
    rows = history.versions_of(session(), module)
    before, after = _chosen(module, rows)
    readings = reading(session(), before), reading(session(), after)
    found = compare_readings(*readings)
    values = {
        **values_of.frame(module, module.approved or rows[0], "compare"),
        "numbers": [each.version for each in rows],
        "before": _side(before),
        "after": _side(after),
        "paragraphs": [_pair(block) for block in found.blocks],
        "facts": [_fact(each) for each in _facts(readings[0], readings[1], found.facts)],
        "changes": found.changes,
        "words_changed": found.words_changed,
        "words_total": found.words_total,
    }
    return render_template("pages/modules/compare.html", page=values)


def _chosen(module: Module, rows: Sequence[ModuleVersion]) -> tuple[ModuleVersion, ModuleVersion]:
    if len(rows) < 2:
        raise NotFound(f"{module.code} has one version only: there is nothing to compare it with.")
    by_number = {each.version: each for each in rows}
    names = request.args.get("from", rows[1].version), request.args.get("to", rows[0].version)
    for name in names:
        if name not in by_number:
            raise NotFound(f"{module.code} has no version {name[:20]}.")
    return by_number[names[0]], by_number[names[1]]


def _side(version: ModuleVersion) -> Values:
    return {
        "number": version.version,
        "state": version.state.value,
        "at": version.approved_at or version.updated_at,
        "author": version.author.name,
    }


def _pair(block: ComparedBlock) -> Values:
    before = [(kind, text) for kind, text in block.delta if kind != "ins"]
    after = [(kind, text) for kind, text in block.delta if kind != "del"]
    return {
        "before": before or None,
        "after": after or None,
        "changed": block.changed,
        "shape": block.shape,
    }


def _facts(before: Reading, after: Reading, facts: tuple[FactChange, ...]) -> Iterator[FactChange]:
    """Claims one by one, then the numbers of the text, then tags and rules."""
    for fact in facts:
        if fact.what == "Claims":
            yield from _claims(fact)
    yield from _numbers(before.blocks, after.blocks)
    yield from (fact for fact in facts if fact.what != "Claims")


def _claims(fact: FactChange) -> Iterator[FactChange]:
    sides = [
        dict(each.rsplit(" ", 1) for each in side.split(", ") if each)
        for side in (fact.before, fact.after)
    ]
    for code in sorted({*sides[0], *sides[1]}):
        former, now = (f"version {side[code]}" if code in side else "" for side in sides)
        if former != now:
            yield FactChange(f"Claim {code}", former, now)


def _numbers(before: tuple[Block, ...], after: tuple[Block, ...]) -> Iterator[FactChange]:
    sides = [
        Counter(number for block in blocks for number in _NUMBER.findall(block.text))
        for blocks in (before, after)
    ]
    gone, new = sides[0] - sides[1], sides[1] - sides[0]
    if gone or new:
        yield FactChange("Numbers", ", ".join(gone), ", ".join(new))


def _fact(change: FactChange) -> Values:
    return {"what": change.what, "before": change.before or None, "after": change.after or None}
