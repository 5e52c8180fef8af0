"""What differs between two versions of a label: every changed section, and only those."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from claims_library.models import LabelSection, LabelVersion
from cms.web.label_diff import section_changes

WORDS = st.sampled_from(["weekly", "monitor", "4", "11.2", "months", "Grade", "dose", "avoid"])
SENTENCE = st.lists(WORDS, min_size=2, max_size=8).map(lambda words: f"The {' '.join(words)}.")
PARAGRAPHS = st.lists(st.lists(SENTENCE, min_size=1, max_size=4).map(" ".join), max_size=3)
TEXTS = st.dictionaries(st.sampled_from(["1", "2.1", "2.2", "5.1", "14"]), PARAGRAPHS)


def label(texts: dict[str, list[str]]) -> LabelVersion:
    sections = [
        LabelSection(position=at, name="x", number=number, title="T", paragraphs=paragraphs)
        for at, (number, paragraphs) in enumerate(texts.items())
    ]
    return LabelVersion(sections=sections)


def test_one_number_is_told_with_what_stands_around_it() -> None:
    text = "First. Monitor weekly for the first {} weeks. Then monthly. Later. Much later."
    [change] = section_changes(
        label({"5.1": [text.format(2)], "6": ["Same."]}),
        label({"5.1": [text.format(4)], "6": ["Same."]}),
    )
    assert (change["number"], change["state"], change["words"]) == ("5.1", "changed", 2)
    lines = ["".join(words for _, words in line["delta"]) for line in change["lines"]]
    assert lines == ["First.", "Monitor weekly for the first 24 weeks.", "Then monthly.", ""]
    assert ("del", "2") in change["lines"][1]["delta"]
    assert ("ins", "4") in change["lines"][1]["delta"]


def test_a_section_that_came_and_one_that_went() -> None:
    changes = section_changes(label({"1": ["Old."]}), label({"2": ["New."]}))
    assert [(each["number"], each["state"]) for each in changes] == [("2", "new"), ("1", "gone")]


def test_sections_of_one_name_without_numbers_are_told_apart() -> None:
    def panels(*texts: str) -> LabelVersion:
        return LabelVersion(
            sections=[LabelSection(name="panel", number="", paragraphs=[each]) for each in texts]
        )

    assert section_changes(panels("One.", "Two."), panels("One.", "Two.")) == []
    [change] = section_changes(panels("One.", "Two."), panels("One."))
    assert change["state"] == "gone"


def test_other_white_space_is_no_change() -> None:
    assert section_changes(label({"1": ["A  dose.\n"]}), label({"1": ["A dose."]})) == []


@given(TEXTS, TEXTS)
def test_no_change_is_ever_missing(
    before: dict[str, list[str]], after: dict[str, list[str]]
) -> None:
    def plain(texts: dict[str, list[str]], number: str) -> str:
        return " ".join(" ".join(texts.get(number, [])).split())

    told = {each["number"] for each in section_changes(label(before), label(after))}
    differ = {n for n in {*before, *after} if plain(before, n) != plain(after, n)}
    assert differ <= told
