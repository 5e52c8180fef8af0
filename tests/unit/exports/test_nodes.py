import pytest

from exports.body import Claim, Heading, LineBreak, Link, ListNode, Paragraph, Quote, Table, Text
from exports.nodes import build_nodes
from modules.content import parse
from records.errors import Refused

CLAIMS = {("X-1", 0): "A claim.", ("X-1", 2): "A variation."}
VALUES = {"account.name": "St. Mary’s"}


def build(body: str) -> tuple[object, ...]:
    return build_nodes(parse(body), claim_text=CLAIMS, values=VALUES, where="X-M-1")


def test_claims_and_values_keep_their_identity() -> None:
    (paragraph,) = build("Before [[claim:X-1/2]] for {{account.name}}.")
    assert isinstance(paragraph, Paragraph)
    _, claim, _, token, _ = paragraph.children
    assert claim == Claim("X-1", 2, "A variation.")
    assert (token.name, token.value) == ("account.name", "St. Mary’s")  # type: ignore[union-attr]


def test_headings_are_shifted_so_that_the_first_level_is_the_blocks_own() -> None:
    nodes = build("### First\n\ntext\n\n#### Below\n\n##### Deep\n\n###### Deeper")
    assert [node.level for node in nodes if isinstance(node, Heading)] == [1, 2, 3, 3]


def test_lists_quotes_breaks_and_links() -> None:
    nodes = build("3. one\n4. two\n   - inner\n\n> said\n\na  \nb [there](https://x.example/)")
    ordered, quote, last = nodes
    assert isinstance(ordered, ListNode)
    assert (ordered.ordered, ordered.start, len(ordered.items)) == (True, 3, 2)
    assert isinstance(ordered.items[1][1], ListNode)
    assert isinstance(quote, Quote)
    assert isinstance(last, Paragraph)
    assert LineBreak() in last.children
    assert Link("https://x.example/", (Text("there"),)) in last.children


def test_a_table_keeps_alignment_and_claims_in_cells() -> None:
    (table,) = build("| a | b |\n| --- | ---: |\n| x | [[claim:X-1]] |")
    assert isinstance(table, Table)
    assert table.alignments == ("left", "right")
    assert table.rows == (((Text("x"),), (Claim("X-1", 0, "A claim."),)),)


def test_every_problem_is_named_at_once() -> None:
    with pytest.raises(Refused) as refusal:
        build("[[claim:X-2]] [[claim:X-1/9]] {{meeting.date}} [x](ftp://a.example)")
    objections = refusal.value.objections
    assert [objection.code for objection in objections] == [
        "claim_missing",
        "claim_missing",
        "value_missing",
        "link_scheme",
    ]
    assert {objection.where for objection in objections} == {"X-M-1"}
    assert "variation 9 of claim X-1" in str(refusal.value)


def test_html_is_text() -> None:
    (paragraph,) = build("<b>bold</b>")
    assert isinstance(paragraph, Paragraph)
    assert "".join(part.text for part in paragraph.children if isinstance(part, Text)) == (
        "<b>bold</b>"
    )
