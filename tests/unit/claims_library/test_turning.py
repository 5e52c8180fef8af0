"""Sentences around approved wording that take it back or change it, and those that do not."""

from __future__ import annotations

import pytest

from claims_library.checking import check
from claims_library.extracting import extract
from claims_library.findings import Result, Severity, Verdict, verdict_of
from tests.unit.claims_library.sample import CLAIMS, library

LIBRARY = library()
FOOD = "ZELVORA can be taken with or without food."
RATE = CLAIMS[7].text


def _check(text: str) -> Result:
    return check(text, LIBRARY, whole=False)


@pytest.mark.parametrize(
    "after",
    [
        "None of this holds in practice.",
        "Actually, the reverse is the case.",
        "That was later shown to be wrong.",
        "Please ignore the previous sentence.",
        "The opposite is true.",
        "This claim was never approved.",
        "Do not rely on this.",
        "We no longer say this.",
        "Later trials did not confirm it.",
        "That is not what the label says.",
        "Or is it?",
        "Unfortunately the data were fabricated.",
    ],
)
def test_a_sentence_after_it_takes_a_claim_back(after: str) -> None:
    assert verdict_of(_check(f"{FOOD} {after}")) is Verdict.POLARITY_FLIPPED


@pytest.mark.parametrize(
    "after",
    ["Except on fast days.", "Or skip the meal.", "Even in children.", "But only for adults."],
)
def test_a_fragment_after_it_changes_a_claim(after: str) -> None:
    result = _check(f"{FOOD} {after}")
    assert verdict_of(result) is Verdict.REWORDED
    assert not result.matches


@pytest.mark.parametrize(
    "after",
    [
        "Nope.",
        "Well, no.",
        "(False)",
        "[False]",
        "❌",
        "🙄",
        ". . . not!",
        "If only that were true.",
        "A: False.",
        "This was shown in mice.",
        "These figures are from another medicine.",
        "That was last year's label.",
        "This is what we wish were so.",
        "This advice is too cautious.",
        "Experts doubt it.",
        "We used to believe that.",
        "You can do it regardless.",
        "In practice most people do otherwise.",
        "Nevertheless, many skip the meal.",
        "There are exceptions.",
        "Correction: it cannot.",
        'Please read "cannot be taken".',
        "The agency disagrees.",
        "Some say so.",
        "The truth is otherwise.",
        "This applies to Europe only.",
        "Wait for it... it is.",
    ],
)
def test_a_comment_on_a_claim_changes_it(after: str) -> None:
    result = _check(f"{FOOD} {after}")
    assert not verdict_of(result).passes
    assert not result.matches


@pytest.mark.parametrize(
    "after",
    [
        "We would like to discuss this with your team.",
        "Your pharmacist may wish to review this before the visit.",
        "This information does not replace the label.",
        "However, please read the full Prescribing Information.",
        "Medical Information can answer questions about this.",
        "How does your site handle this today?",
        "This will take ten minutes.",
        "These figures come from Table 6 of the label.",
        "Let us know if your pharmacy has questions about this.",
        "✓",
    ],
)
def test_where_it_stands_and_who_speaks_of_it_is_no_comment(after: str) -> None:
    assert verdict_of(_check(f"{FOOD} {after}")) is Verdict.VERBATIM


@pytest.mark.parametrize(
    "note", ["*.\n\n*In patients over 65.", "†.\n\n† Only in trials.", ".¹\n\n¹ In mice."]
)
def test_a_footnote_that_limits_a_claim_changes_it(note: str) -> None:
    assert verdict_of(_check(FOOD[:-1] + note)) is Verdict.REWORDED


@pytest.mark.parametrize("note", ["*\n\n*Data on file.", ".¹\n\n¹ Smith J. Lancet 2020."])
def test_a_footnote_with_a_source_does_not(note: str) -> None:
    assert verdict_of(_check(FOOD[:-1] + note)) is Verdict.VERBATIM


@pytest.mark.parametrize(
    "before",
    [
        "The following is wrong. ",
        "What not to say\n\n- ",
        "Old wording\n\n",
        "## Competitor claims\n\n",
        "## Common mistakes\n\n",
        "## Bad examples\n\n",
        "Don't\n\n- ",
        "| Withdrawn claims |\n| --- |\n| ",
        "None of the following is true. ",
        "Ignore the next sentence. ",
        "## Do not say\n\n",
        "## Rejected wording\n\n",
        "## Not approved\n\n",
        "Wrong: ",
    ],
)
def test_words_before_it_take_a_claim_back(before: str) -> None:
    assert not verdict_of(_check(before + FOOD)).passes


@pytest.mark.parametrize(
    "text",
    [
        f"{FOOD} Please see section 2.1 of the label.",
        f"{FOOD} This is described in section 2 of the label.",
        f"{FOOD} It is printed on page 3.",
        f"{FOOD} Or call Medical Information.",
        f"{FOOD} {RATE}",
        f"The following page has the dosing. {FOOD}",
        f"## Dosing\n\n{FOOD}\n\nThis brief does not replace the label.",
        f"{FOOD}(2)",
        f"{FOOD}(2,3)",
    ],
)
def test_other_sentences_leave_a_claim_as_approved(text: str) -> None:
    result = _check(text)
    assert "ZEL-0003" in [match.claim for match in result.matches]
    assert not [f for f in result.findings if f.claim]


@pytest.mark.parametrize("mark", ["⁵", "<sup>5</sup>", "[5]", "^5"])
@pytest.mark.parametrize(("number", "rest"), [("28.1", "%"), ("46.9", "%")])
def test_raised_digits_within_a_figure_are_no_citation(mark: str, number: str, rest: str) -> None:
    text = RATE.replace(f"{number}{rest}", f"{number}{mark}{rest}")
    assert verdict_of(_check(text)) is Verdict.NUMBER_CHANGED
    cited = RATE.replace(f"{number}{rest}", f"{number}{rest}{mark}")
    assert verdict_of(_check(cited)) is Verdict.VERBATIM


def test_raised_digits_between_bounds_are_no_citation() -> None:
    survival = CLAIMS[0].text
    assert verdict_of(_check(survival.replace("35.2, 48.7", "35.2⁵, 48.7"))) is not Verdict.VERBATIM


@pytest.mark.parametrize("how", ["hidden", 'style="display: none"', 'style="opacity:0"'])
def test_text_made_invisible_blocks(how: str) -> None:
    text = FOOD.replace("or without", f"<span {how}>or without</span>")
    found = [f for f in _check(text).findings if f.severity is Severity.BLOCK]
    assert [f.name for f in found] == ["concealed-text"]


@pytest.mark.parametrize("how", ["<p hidden>{}</p>", '<div style="display:none"><b>{}</b></div>'])
def test_approved_wording_that_nobody_sees_is_no_match(how: str) -> None:
    result = _check(how.format(FOOD))
    assert not result.matches
    assert [f.name for f in result.findings] == ["concealed-text"]
    read = extract(how.format(FOOD).encode(), filename="page.html")
    assert not _check(read.text).matches


def test_a_comment_approves_nothing_and_changes_nothing() -> None:
    result = _check(f"<!-- {FOOD} -->\n\n{RATE}")
    assert [match.claim for match in result.matches] == ["ZEL-0008"]
    assert [f.name for f in result.findings] == ["comment"]
    assert verdict_of(_check(f"<!-- note -->{FOOD}")) is Verdict.VERBATIM


@pytest.mark.parametrize(
    "text",
    [
        f"Key points\n- {FOOD}\n- Lunch is at noon.",
        f"We met on Monday and went through the label.\n- {FOOD}",
        f"Key points\n1. {FOOD}\n2. Lunch is at noon.",
        f"Points from the call:\n* **{FOOD}**",
    ],
)
def test_a_list_right_below_a_line_is_a_list(text: str) -> None:
    result = _check(text)
    assert [match.claim for match in result.matches] == ["ZEL-0003"]
    assert not result.findings


def test_a_wrapped_line_that_begins_with_a_dash_is_no_list() -> None:
    text = RATE.replace("pre-specified subgroup", "pre\n-specified subgroup")
    assert verdict_of(_check(text)) is Verdict.VERBATIM
