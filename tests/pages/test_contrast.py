"""The colours of the tokens, light and dark: text at 4.5:1, edges at 3:1 (WCAG 1.4.3, 1.4.11)."""

from __future__ import annotations

import re

import pytest

from tests.pages.preview.environment import ROOT

TOKENS = (ROOT / "cms/static/css/tokens.css").read_text(encoding="utf-8")
PAIR = re.compile(r"--([\w-]+): light-dark\(#([0-9a-f]+), #([0-9a-f]+)\)")
COLOURS = {name: (light, dark) for name, light, dark in PAIR.findall(TOKENS)}
GROUNDS = ("paper", "surface", "sunken", "raised", "hover")
STATES = ("ok", "review", "change", "risk", "stop", "mute")


def _luminance(colour: str) -> float:
    wide = colour if len(colour) == 6 else "".join(digit * 2 for digit in colour)
    channels = [int(wide[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str, *, dark: bool) -> float:
    """The ratio of two tokens in one theme."""
    a, b = (_luminance(COLOURS[name][dark]) for name in (first, second))
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)


def _text() -> list[tuple[str, str]]:
    on_grounds = [
        (ink, ground) for ink in ("ink", "ink-2", "ink-3", "accent", *STATES) for ground in GROUNDS
    ]
    on_soft = [(state, f"{state}-soft") for state in STATES]
    notes = [(ink, f"{state}-soft") for state in STATES for ink in ("ink", "ink-2", "accent")]
    others = [("on-accent", "accent"), ("on-accent", "accent-2"), ("accent-2", "accent-soft")]
    marked = [("ink", "mark"), ("ink-2", "mark"), ("ink", "accent-soft"), ("ink-3", "accent-soft")]
    return [*on_grounds, *on_soft, *notes, *others, *marked, ("ink-3", "mute-soft")]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), _text(), ids=" on ".join)
def test_text_is_readable(ink: str, ground: str, dark: bool) -> None:
    assert contrast(ink, ground, dark=dark) >= 4.5


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("edge", ["control", "accent"])
def test_edges_of_what_one_operates_are_seen(edge: str, ground: str, dark: bool) -> None:
    assert contrast(edge, ground, dark=dark) >= 3
