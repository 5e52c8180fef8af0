from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.body import Citation, FootnoteMark, Heading, Paragraph, claims_in, runs
from exports.citations import Numbered, Source, letter, number
from exports.document import Block
from exports.nodes import build_nodes
from modules.content import parse
from records.errors import Refused

LABEL, STUDY = Source("label", "Label."), Source("study", "Study.")


def block(module: str, body: str, kind: str = "text") -> Block:
    texts = {(f"C-{count}", 0): f"Claim {count}." for count in range(10)}
    nodes = build_nodes(parse(body), claim_text=texts, values={})
    return Block(module, "1.0", "0" * 64, kind, "", module, nodes)


def marks(numbered: Block) -> list[object]:
    return [
        part.numbers if isinstance(part, Citation) else part.mark
        for run in runs(numbered.body)
        for part in run
        if isinstance(part, Citation | FootnoteMark)
    ]


def numbered(*blocks: Block, isi: Block | None = None, **given_: object) -> Numbered:
    settings: dict[str, object] = {
        "sources": {},
        "footnotes": {},
        "notes_of_claim": {},
        "notes_of_module": {},
    }
    return number(blocks, isi=isi, **{**settings, **given_})  # type: ignore[arg-type]


def test_references_are_numbered_by_first_citation_and_merged() -> None:
    done = numbered(
        block("A", "[[claim:C-1]] [[claim:C-2]]"),
        block("B", "| x |\n| --- |\n| [[claim:C-1]] |"),
        isi=block("I", "[[claim:C-3]]", "isi"),
        sources={
            "C-1": [replace(STUDY, locator="p. 3")],
            "C-2": [replace(LABEL, locator="14"), replace(STUDY, locator="p. 3")],
            "C-3": [replace(LABEL, locator="2.1")],
        },
    )
    assert [marks(one) for one in done.blocks] == [[(1,), (1, 2)], [(1,)]]
    assert done.isi is not None
    assert marks(done.isi) == [(2,)]
    assert [(one.number, one.key, one.locators) for one in done.references] == [
        (1, "study", ("p. 3",)),
        (2, "label", ("2.1", "14")),
    ]


def test_a_footnote_keeps_its_letter_and_is_set_under_each_block_that_marks_it() -> None:
    done = numbered(
        block("A", "[[claim:C-1]]"),
        block("B", "[[claim:C-2]] [[claim:C-1]]"),
        block("C", "no claim"),
        footnotes={name: block(name, f"Note {name}.", "footnote") for name in ("N-1", "N-2")},
        notes_of_claim={"C-1": ["N-1"], "C-2": ["N-2", "N-9"]},
    )
    assert [one.notes for one in done.blocks] == [("a",), ("a", "b"), ()]
    assert [(note.mark, note.block.module) for note in done.footnotes] == [
        ("a", "N-1"),
        ("b", "N-2"),
    ]


def test_sources_of_a_footnote_are_numbered_where_it_is_first_set() -> None:
    done = numbered(
        block("A", "[[claim:C-1]]"),
        block("B", "[[claim:C-2]]"),
        sources={"C-1": [LABEL], "C-2": [Source("late", "Late.")], "C-3": [STUDY]},
        footnotes={"N": block("N", "Design: [[claim:C-3]]", "footnote")},
        notes_of_claim={"C-1": ["N"], "C-3": ["N"]},
    )
    assert [one.key for one in done.references] == ["label", "study", "late"]
    assert marks(done.footnotes[0].block) == [(2,)]  # and no footnote within a footnote


def test_a_required_footnote_no_claim_marks_stands_at_the_heading() -> None:
    footnotes = {"N": block("N", "Note.", "footnote")}
    with_heading = numbered(
        block("A", "## Title\n\ntext"), footnotes=footnotes, notes_of_module={"A": ["N"]}
    ).blocks[0]
    heading = with_heading.body[0]
    assert isinstance(heading, Heading)
    assert heading.children[-1] == FootnoteMark("a")
    without = numbered(
        block("A", "text"), footnotes=footnotes, notes_of_module={"A": ["N"]}
    ).blocks[0]
    paragraph = without.body[0]
    assert isinstance(paragraph, Paragraph)
    assert paragraph.children[-1] == FootnoteMark("a")


def test_a_footnote_nothing_calls_for_is_refused_not_lost() -> None:
    with pytest.raises(Refused, match="calls for the footnote N-1"):
        numbered(block("A", "text"), footnotes={"N-1": block("N-1", "Note.", "footnote")})


def test_safety_information_can_have_footnotes() -> None:
    done = numbered(
        block("A", "text"),
        isi=block("I", "[[claim:C-1]]", "isi"),
        footnotes={"N": block("N", "Note.", "footnote")},
        notes_of_claim={"C-1": ["N"]},
    )
    assert done.isi is not None
    assert done.isi.notes == ("a",)


def test_letters() -> None:
    assert [letter(place) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        *("a", "z", "aa", "az", "ba", "zz", "aaa")
    ]


@given(st.lists(st.lists(st.integers(0, 9), max_size=6), max_size=5), st.data())
def test_first_citations_ascend_and_nothing_but_marks_is_added(
    placed: list[list[int]], data: st.DataObject
) -> None:
    keys = st.lists(st.sampled_from("pqrs"), max_size=3)
    sources = {f"C-{n}": [Source(key, key) for key in data.draw(keys)] for n in range(10)}
    blocks = [
        block(f"B-{at}", " ".join(f"[[claim:C-{n}]]" for n in ns) or "-")
        for at, ns in enumerate(placed)
    ]
    done = numbered(*blocks, sources=sources)
    flat = [number for one in done.blocks for mark in marks(one) for number in mark]  # type: ignore[attr-defined]
    first = list(dict.fromkeys(flat))
    assert first == sorted(first) == list(range(1, len(done.references) + 1))
    for before, after in zip(blocks, done.blocks, strict=True):
        assert list(claims_in(before.body)) == list(claims_in(after.body))
