"""Measure the claims check and write ``docs/benchmarks/claims.md``.

``python -m benchmarks.claims [--quick] [--no-write]``, or ``make bench-claims``. The labelled cases
lie beside the project (``../shared``) or where ``CLEARCOPY_SHARED`` says; without them only speed
is measured.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.claims import accuracy, rules, speed, weights
from benchmarks.claims.accuracy import PASSING, Tally
from claims_library.compiling import compile_library

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/benchmarks/claims.md"
SIZES = (1_000, 10_000, 50_000)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="without 50,000 claims")
    parser.add_argument("--no-write", action="store_true", help="print only")
    asked = parser.parse_args()
    shared = Path(os.environ.get("CLEARCOPY_SHARED", ROOT.parent / "shared"))
    lines = ["# The claims check: how right, how fast", "", *_preface()]
    good = True
    if shared.is_dir():
        for section in (_cases, _merged, _altered, _unseen, _clean):
            text, fine = section(shared)
            lines += text
            good &= fine
        lines += rules.table(shared)
    else:
        lines += [f"The labelled cases are not here ({shared} does not exist).", ""]
    lines += weights.table()
    lines += _speed(SIZES[:2] if asked.quick else SIZES)
    page = "\n".join(lines).rstrip() + "\n"
    sys.stdout.write(page)
    if not asked.no_write:
        PAGE.write_text(page, "utf-8")
    return 0 if good else 1


def _preface() -> list[str]:
    return [
        f"`make bench-claims` on Python {platform.python_version()};",
        "milliseconds of CPU on one core of a shared machine.",
        "",
        "*False approval*: altered text that gets verbatim, variation or none. *Exact*: the",
        "leading verdict is the labelled one (and, where the text is clean, nothing blocks it).",
        "*Found*: something blocks. *Named*: the finding or match names the right claim.",
        "",
    ]


def _cases(shared: Path) -> tuple[list[str], bool]:
    lines = [
        "## Labelled cases, product by product",
        "",
        "Rules, lists, weights and thresholds are the same for all products and none was learned",
        "from these cases, so to leave one product out changes nothing. But rules were written",
        "with them at hand: the labels of other products and the sentences that nothing was made",
        "with, further down, say more about text nobody has seen.",
        "",
    ]
    good = True
    for name in accuracy.products(shared):
        tally = accuracy.cases(shared, name, accuracy.library_of(shared, name))
        lines += [f"### {name}", "", *_verdicts(tally), ""]
        lines += [f"* {miss}" for miss in tally.misses] + [""]
        good &= not sum(tally.passed.values())
    return lines, good


def _verdicts(tally: Tally) -> Iterable[str]:
    yield "| verdict | cases | found | exact | named | false approvals |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for name in accuracy.verdict_order():
        total = tally.total[name]
        if not total:
            continue
        found = "–" if name in PASSING else _share(tally.found[name], total)
        approved = "–" if name in PASSING else str(tally.passed[name])
        exact, named = _share(tally.exact[name], total), _share(tally.named[name], total)
        yield f"| {name} | {total} | {found} | {exact} | {named} | {approved} |"
    clean = sum(tally.total[name] for name in PASSING)
    alarms = sum(tally.found[name] for name in PASSING)
    yield ""
    yield f"False alarms on clean text: {alarms} of {clean} ({_share(alarms, clean)})."


def _merged(shared: Path) -> tuple[list[str], bool]:
    """The cases of each product against a library that holds the other products' claims too."""
    names = accuracy.products(shared)
    lines = ["## The same cases while the other products' claims are in the library", ""]
    good = True
    for name in names:
        library = accuracy.library_of(shared, name)
        others = [
            claim
            for other in names
            if other != name
            for claim in accuracy.library_of(shared, other).claims.values()
        ]
        wide = compile_library(
            library.product, [*library.claims.values(), *others], label=library.label
        )
        tally = accuracy.cases(shared, name, wide)
        total, exact = sum(tally.total.values()), sum(tally.exact.values())
        passed = sum(tally.passed.values())
        lines.append(f"* {name}: exact {_share(exact, total)}, false approvals {passed}")
        good &= not passed
    return [*lines, ""], good


def _altered(shared: Path) -> tuple[list[str], bool]:
    lines = ["## Alterations made by rule", ""]
    good = True
    for name in accuracy.products(shared):
        tally = accuracy.altered(accuracy.library_of(shared, name))
        lines += [f"### {name}", "", *_kinds(tally), ""]
        good &= not sum(tally.passed.values())
    return lines, good


def _kinds(tally: Tally) -> Iterable[str]:
    yield "| alteration | texts | exact | named | false approvals |"
    yield "| --- | --- | --- | --- | --- |"
    for kind, total in sorted(tally.total.items()):
        exact, named = _share(tally.exact[kind], total), _share(tally.named[kind], total)
        yield f"| {kind} | {total:,} | {exact} | {named} | {tally.passed[kind]} |"
    yield from (f"\n* passed: {miss}" for miss in tally.misses)


def _unseen(shared: Path) -> tuple[list[str], bool]:
    lines = [
        "## Labels of other products",
        "",
        "Sentences of labels taken as claims, and altered in the same ways.",
        "",
        "| label | claims | alterations | exact | named | false approvals | verbatim refused |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    misses: list[str] = []
    for name, library in accuracy.unseen(shared):
        tally = accuracy.altered(library)
        total = sum(tally.total.values())
        exact, named = sum(tally.exact.values()), sum(tally.named.values())
        _, refused = accuracy.verbatim(library)
        lines.append(
            f"| {name} | {len(library.claims)} | {total:,} | {_share(exact, total)} | "
            f"{_share(named, total)} | {sum(tally.passed.values())} | {refused} |"
        )
        misses += [f"* passed: {miss}" for miss in tally.misses]
    return [*lines, "", *misses, ""], True


def _clean(shared: Path) -> tuple[list[str], bool]:
    lines = ["## Text that must pass", ""]
    good = True
    for name in accuracy.products(shared):
        count, refused = accuracy.verbatim(accuracy.library_of(shared, name))
        lines.append(f"* {name}: {count} wordings as approved, {refused} not recognised")
        sentences, blocked = accuracy.neutral(shared, name)
        lines.append(f"* {name}: {sentences} sentences of approved modules, {len(blocked)} blocked")
        lines += [f"  * {entry}" for entry in blocked]
        good &= not refused
    return [*lines, ""], good


def _speed(sizes: Sequence[int]) -> list[str]:
    found = [speed.measure(size) for size in sizes]
    rows: list[tuple[str, list[str]]] = [
        ("wordings", [f"{s.wordings:,}" for s in found]),
        (
            "500 words, median / p95",
            [f"{s.words_500[0]:.1f} / {s.words_500[1]:.1f}" for s in found],
        ),
        ("5,000 words", [f"{s.words_5000:.0f}" for s in found]),
        ("one paragraph, median / p95", [_pair(s.paragraph) for s in found]),
        ("500 words, rapidfuzz over all wordings", [f"{s.brute_500:,.0f}" for s in found]),
        ("… times slower", [f"{s.brute_500 / s.words_500[0]:.0f}" for s in found]),
        ("a claim added, in force", [f"{s.added:.0f}" for s in found]),
        ("a claim withdrawn, in force", [f"{s.withdrawn:.0f}" for s in found]),
        ("compiled from claims, s", [f"{s.build_s:.1f}" for s in found]),
        ("loaded from its compiled form, s", [f"{s.load_s:.2f}" for s in found]),
        ("compiled form, MB", [f"{s.file_mb:.1f}" for s in found]),
        ("memory, MB", [f"{s.memory_mb:.0f}" for s in found]),
        ("altered claims: texts / passed / named", [_three(s.altered_found) for s in found]),
    ]
    lines = [
        "## Speed",
        "",
        "All rules on. Invented claims in families, texts of which a third is approved wording and",
        "a quarter altered wording.",
        "",
        "| claims | " + " | ".join(f"{s.claims:,}" for s in found) + " |",
        "| --- " * (len(found) + 1) + "|",
    ]
    return [*lines, *(f"| {name} | {' | '.join(cells)} |" for name, cells in rows), ""]


def _pair(values: tuple[float, float]) -> str:
    return f"{values[0]:.1f} / {values[1]:.1f}"


def _three(values: tuple[int, int, int]) -> str:
    return " / ".join(str(value) for value in values)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"
