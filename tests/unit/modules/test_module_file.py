"""Module files: what is written reads as the same draft."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.draft import ModuleDraft, tidy
from modules.module_file import read_module, write_module
from records.problems import BadInput
from records.vocabulary import (
    Audience,
    Channel,
    Market,
    ModuleKind,
    Phase,
    Pillar,
    Role,
    Tier,
)

CODES = st.from_regex(r"[A-Z][A-Z0-9]{0,4}-[A-Z0-9]{1,5}", fullmatch=True)
# any words of a title that a draft accepts, those that YAML reads otherwise among them
TITLES = st.one_of(
    st.sampled_from(["yes", "null", "2026", "1.0", "a: b", "# no", "- x", "“quoted”", "'", "~"]),
    st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=60),
)


def lists(words: type[Phase | Role | Tier | Channel]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.sets(st.sampled_from(list(words)), min_size=1).map(
        lambda chosen: tuple(word for word in words if word in chosen)
    )


DRAFTS = st.builds(
    ModuleDraft,
    code=CODES,
    brand=st.sampled_from(["HALVORYN", "No", "12"]),
    title=TITLES.map(str.strip),
    kind=st.sampled_from(ModuleKind),
    body=st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf"]), max_size=200).map(tidy),
    pillar=st.sampled_from(Pillar),
    phases=lists(Phase),
    roles=lists(Role),
    tiers=lists(Tier),
    channels=lists(Channel),
    market=st.sampled_from(Market),
    audience=st.sampled_from(Audience),
    requires=st.sets(CODES, max_size=3).map(lambda codes: tuple(sorted(codes))),
    excludes=st.just(()),
    valid_until=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
)


@settings(max_examples=300, deadline=None)
@given(DRAFTS)
def test_a_written_file_reads_as_the_draft(draft: ModuleDraft) -> None:
    if list(draft.objections()):
        return
    assert read_module(write_module(draft), filename="x.md") == draft


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"no front matter", "must begin with front matter"),
        (b"---\na: [\n---\n", "not valid YAML"),
        (b"---\n- a\n---\n", "list of 'key: value' lines"),
        (b"---\na: &x 1\nb: *x\n---\n", "aliases are not allowed"),
        (b"\xff\xfe", "not UTF-8"),
        (b"---\nvalid_until: 2027-02-30\n---\n", "cannot be read"),
        (b"---\nunknown: 1\n---\n", "Unknown key"),
    ],
)
def test_a_broken_file_is_refused_with_its_reason(data: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_module(data, filename="x.md")
