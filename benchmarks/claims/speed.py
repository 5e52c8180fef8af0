"""How fast the check is, and what it costs in memory: invented libraries of growing size."""

from __future__ import annotations

import dataclasses
import gc
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from benchmarks.claims.synthetic import claims, texts
from claims_library import shelving
from claims_library.checking import check
from claims_library.compiling import (
    ClaimText,
    Library,
    ProductFacts,
    compile_library,
    updated_library,
)
from claims_library.findings import verdict_of
from claims_library.segmenting import sentences
from claims_library.tokens import tokenise

PRODUCT = ProductFacts("Xenavor", "xenavorib")
_PROBE = """
import os, resource, sys, time
def rss():
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
from claims_library import shelving
from claims_library.checking import check
check("Nothing.", shelving.load(open(sys.argv[2], "rb").read()))
before = rss()
data = open(sys.argv[1], "rb").read()
start = time.process_time()
library = shelving.load(data)
spent = time.process_time() - start
print(spent, (rss() - before) / 1e6)
"""


@dataclass(frozen=True)
class Speed:
    """What one size of library costs; times in milliseconds of CPU unless said otherwise."""

    claims: int
    wordings: int
    build_s: float
    load_s: float
    file_mb: float
    memory_mb: float
    words_500: tuple[float, float]
    words_5000: float
    paragraph: tuple[float, float]
    added: float
    withdrawn: float
    brute_500: float
    altered_found: tuple[int, int, int]


def measure(size: int, *, rounds: int = 40) -> Speed:
    """Measure one size of library."""
    listed = claims(size)
    start = time.process_time()
    library = compile_library(PRODUCT, listed)
    built = time.process_time() - start
    load_s, file_mb, memory_mb = _loaded(library)
    documents = list(texts(listed, words=500, count=rounds))
    check(documents[0], library)
    gc.collect()
    spent = [_timed(lambda text=text: check(text, library)) for text in documents]  # type: ignore[misc]
    long = next(iter(texts(listed, words=5000, count=1, seed=11)))
    paragraphs = [line for text in documents[:10] for line in text.split("\n") if len(line) > 60]
    single = [_timed(lambda p=p: check(p, library, whole=False)) for p in paragraphs[:120]]  # type: ignore[misc]
    added, withdrawn = _changed(library, listed)
    return Speed(
        size,
        len(library.shelves[0].wordings),
        built,
        load_s,
        file_mb,
        memory_mb,
        (statistics.median(spent), _p95(spent)),
        _timed(lambda: check(long, library)),
        (statistics.median(single), _p95(single)),
        added,
        withdrawn,
        _brute(library, documents[0]),
        _altered(library, listed),
    )


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def _p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def _loaded(library: Library) -> tuple[float, float, float]:
    """Load from the compiled form in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path, tiny = Path(folder, "library"), Path(folder, "tiny")
        data = shelving.dump(library)
        path.write_bytes(data)
        first = list(library.claims.values())[:1]
        tiny.write_bytes(shelving.dump(compile_library(PRODUCT, first)))
        run = subprocess.run(
            [sys.executable, "-c", _PROBE, str(path), str(tiny)],
            capture_output=True,
            text=True,
            check=True,
        )
    seconds, memory = run.stdout.split()
    return float(seconds), len(data) / 1e6, float(memory)


def _changed(library: Library, listed: list[ClaimText]) -> tuple[float, float]:
    """Milliseconds until a claim more, and a claim less, is what the next check sees."""
    new = dataclasses.replace(
        listed[0], code="SYN-NEW", text="Xenavor tablets may be halved along the score line."
    )
    later = library

    def add() -> None:
        nonlocal later
        later = updated_library(library, [*listed, new])
        result = check(new.text, later, whole=False)
        assert [match.claim for match in result.matches] == ["SYN-NEW"]

    def withdraw() -> None:
        result = check(new.text, updated_library(later, listed), whole=False)
        assert not result.matches

    return _timed(add), _timed(withdraw)


def _brute(library: Library, text: str) -> float:
    """Every sentence against every wording with rapidfuzz, as a plain program would."""
    wordings = [wording.text.lower() for wording in library.shelves[0].wordings]
    tokens = tokenise(text)
    runs = [tokens.text(run.start, run.end).lower() for run in sentences(tokens)]

    def work() -> None:
        for run in runs:
            process.extractOne(run, wordings, scorer=fuzz.ratio, score_cutoff=60)

    return _timed(work)


def _altered(library: Library, listed: list[ClaimText]) -> tuple[int, int, int]:
    """Altered claims from all over the library: how many, passed, and named rightly."""
    step = max(1, len(listed) // 400)
    count = passed = named = 0
    for claim in listed[::step]:
        text = "".join(str((int(c) + 3) % 10) if c.isdigit() else c for c in claim.text)
        if text == claim.text:
            text = claim.text.replace(" is ", " is not ", 1)
        if text == claim.text:
            continue
        result = check(text, library, whole=False)
        if any(match.end - match.start > 0.9 * len(text) for match in result.matches):
            continue  # a sibling says just that
        count += 1
        passed += verdict_of(result).passes
        named += any(finding.claim == claim.code for finding in result.findings)
    return count, passed, named
