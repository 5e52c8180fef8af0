from __future__ import annotations

import pytest

from exports.frame import of_json, read_frame, shipped
from records.problems import BadInput
from records.vocabulary import Channel, Market, ModuleKind

GOOD = shipped("brief.us").decode()


def problems(text: str | bytes) -> list[str | None]:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(BadInput) as bad:
        read_frame(data, filename="brief.yaml")
    assert all(problem.file == "brief.yaml" for problem in bad.value.problems)
    return [problem.field for problem in bad.value.problems]


def test_the_shipped_frame_reads_and_comes_back_from_its_stored_form() -> None:
    frame = read_frame(GOOD.encode(), filename="brief.yaml")
    assert (frame.channel, frame.market) == (Channel.BRIEF, Market.US)
    assert frame.slots[-1].kinds == (ModuleKind.ISI,)
    assert of_json(frame.to_json()) == frame


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("code: TPL-BRIEF-US", "code: brief us", "code"),
        ("channel: brief", "channel: radio", "channel"),
        ("market: US", "market: MARS", "market"),
        ("valid_until: 2028-12-31", "valid_until: soon", "valid_until"),
        ("page_size: letter", "page_size: poster", "page_size"),
        ("{brand} for {account}", "{brand.__class__} for {account}", "title_pattern"),
        ("{brand} for {account}", "{0} for {account}", "title_pattern"),
        ("{brand} for {account}", "<b>{brand}</b>", "title_pattern"),
        ("  - name: questions", "  - name: messages", "slots"),
        ("kinds: [isi]", "kinds: [faq]", "slots"),
        ("kinds: [faq]", "kinds: [poem]", "slots.4.kinds.0"),
    ],
)
def test_a_wrong_word_is_named_with_its_place(old: str, new: str, field: str) -> None:
    assert old in GOOD
    assert problems(GOOD.replace(old, new, 1)) == [field]


def test_every_problem_is_reported() -> None:
    text = GOOD.replace("market: US", "market: MARS").replace("channel: brief", "channel: radio")
    assert sorted(map(str, problems(text))) == ["channel", "market"]
    assert problems(GOOD + "colour: red\n") == ["colour"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"- a list",
        b"{unclosed: [",
        b"\xff\xfe",
        b"!!python/object/apply:os.system ['true']",
        b"x" * 200_001,
    ],
)
def test_what_is_no_frame_is_refused(data: bytes) -> None:
    problems(data)
