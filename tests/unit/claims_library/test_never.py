"""What may never happen: an altered wording that passes, or a typeset one that does not."""

from __future__ import annotations

import random
import re
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from claims_library.checking import check
from claims_library.compiling import ClaimText, compile_library
from claims_library.findings import Severity, Verdict, verdict_of
from claims_library.wordlists import words as listed
from tests.unit.claims_library.sample import CLAIMS, PRODUCT, library

LIBRARY = library()
WORDINGS = [
    (claim.code, number, claim.wording(number))
    for claim in CLAIMS
    for number in range(len(claim.variations) + 1)
]
wordings = st.sampled_from(WORDINGS)
fast = settings(max_examples=300, deadline=None)


def _verdict(text: str) -> Verdict:
    return verdict_of(check(text, LIBRARY, whole=False))


def _assert_altered(text: str) -> None:
    result = check(text, LIBRARY, whole=False)
    assert not verdict_of(result).passes, text


@fast
@given(wordings, st.data())
def test_another_digit_never_passes(wording: tuple[str, int, str], data: st.DataObject) -> None:
    text = wording[2]
    places = [match.start() for match in re.finditer(r"\d", text)]
    if not places:
        return
    at = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != text[at]]))
    _assert_altered(text[:at] + digit + text[at + 1 :])


@fast
@given(wordings, st.data())
def test_a_digit_more_never_passes(wording: tuple[str, int, str], data: st.DataObject) -> None:
    text = wording[2]
    places = [match.end() for match in re.finditer(r"\d", text)]
    if not places:
        return
    at = data.draw(st.sampled_from(places))
    _assert_altered(text[:at] + data.draw(st.sampled_from("0123456789")) + text[at:])


@fast
@given(wordings, st.data())
def test_a_word_left_out_never_passes(wording: tuple[str, int, str], data: st.DataObject) -> None:
    words = wording[2].split(" ")
    at = data.draw(st.integers(0, len(words) - 1))
    _assert_altered(" ".join(words[:at] + words[at + 1 :]))


ADDED = listed(
    "not never no only significantly highly always all proven uniquely without rarely most better "
    "up approximately 5 12% mcg weekly and women safest just remarkably hardly elderly monotherapy"
)


@fast
@given(wordings, st.sampled_from(sorted(ADDED)), st.data())
def test_a_word_more_never_passes(
    wording: tuple[str, int, str], word: str, data: st.DataObject
) -> None:
    words = wording[2].split(" ")
    at = data.draw(st.integers(1, len(words) - 1))
    _assert_altered(" ".join([*words[:at], word, *words[at:]]))


UNITS = ["mg", "mcg", "g", "kg", "mL", "months", "weeks", "days", "years", "msec", "sec", "%"]
_UNIT = re.compile(r"(?<=\d) ?(mg|months|weeks|msec|%)")


@fast
@given(wordings, st.sampled_from(UNITS), st.data())
def test_another_unit_never_passes(
    wording: tuple[str, int, str], unit: str, data: st.DataObject
) -> None:
    text = wording[2]
    found = list(_UNIT.finditer(text))
    if not found:
        return
    match = data.draw(st.sampled_from(found))
    if match.group(1) != unit:
        _assert_altered(text[: match.start()] + f" {unit}" + text[match.end() :])


@fast
@given(wordings, st.data())
def test_two_words_in_other_order_never_pass(
    wording: tuple[str, int, str], data: st.DataObject
) -> None:
    words = wording[2].rstrip(".").split(" ")
    a, b = sorted(data.draw(st.tuples(*[st.integers(0, len(words) - 1)] * 2)))
    if words[a].strip("(),;").lower() == words[b].strip("(),;").lower():
        return
    words[a], words[b] = words[b], words[a]
    _assert_altered(" ".join(words))


@fast
@given(wordings, st.data())
def test_another_letter_never_passes(wording: tuple[str, int, str], data: st.DataObject) -> None:
    text = wording[2]
    places = [i for i, char in enumerate(text) if char.isalpha()]
    at = data.draw(st.sampled_from(places))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    if letter == text[at].lower():
        return
    assert _verdict(text[:at] + letter + text[at + 1 :]) not in {
        Verdict.VERBATIM,
        Verdict.VARIATION,
    }


TURNED = [
    "It is not true that {}",
    "Unlike what was thought, {}",
    "Nobody believes that {}",
    "{} – or so people say",
    "{} This is false.",
    "Myth: {}",
    "The following is wrong:\n- {}",
    "{} In children too, by the way, as all agree, {}",
    "Only in dreams: {}",
    "If you believe the rumours, {}",
    "Never say that {}",
    "Not {}",
    "{} None of this holds in practice.",
    "{} The opposite is true.",
    "{} Please ignore the previous sentence.",
    "{} Later trials did not confirm it.",
    "{} Except in children.",
    "{} Or is it?",
    "The following is wrong. {}",
    "## Do not say\n\n{}",
    "<span style='display:none'>Not so:</span> {}",
    "{}?",
]


RAISED = ["⁷", "<sup>7</sup>", "[7]", "^7", "₇", "\u200b7", "\u00ad7", "**7**", "&#55;", "\uff17"]


@fast
@given(wordings, st.data())
def test_a_digit_raised_into_a_figure_never_passes(
    wording: tuple[str, int, str], data: st.DataObject
) -> None:
    text = wording[2]
    places = [m.end() for m in re.finditer(r"\d(?= ?(?:%|mg|months|weeks|patients))", text)]
    if not places:
        return
    at = data.draw(st.sampled_from(places))
    raised = text[:at] + data.draw(st.sampled_from(RAISED)) + text[at:]
    assert not _verdict(raised).passes, raised


@fast
@given(wordings, st.sampled_from(TURNED))
def test_a_wording_that_is_turned_never_passes(wording: tuple[str, int, str], frame: str) -> None:
    if frame == "{}?":
        text = frame.format(wording[2].rstrip("."))
    else:
        text = frame.format(wording[2], wording[2])
    if frame.startswith("{} In children"):
        text = text.replace(". In children", " in children")
    assert check(text, LIBRARY, whole=False).blocking, text


_SPACES = [" ", "  ", "\u00a0", "\u2009", "\u202f", "\n", " \n", "\t", "&nbsp;", "\r\n"]
_HYPHENS = ["-", "\u2010", "\u2011", "\u2013", "\u2014", "\u2212", "-\n"]
_MARKS = ["¹", "²,³", "<sup>1</sup>", "[^2]", "[3]", "®", "†"]


def _typeset_word(word: str, dice: random.Random) -> str:
    """One word as editors and exports leave it."""
    at = dice.randrange(1, max(2, len(word) - 1))
    plain = word.isalpha() and len(word) > 3
    ways = [
        word,
        f"**{word}**",
        f"*{word}*",
        f"__{word}__" if word.isalnum() else word,
        word[:at] + "\u00ad" + word[at:] if plain else word,
        word + dice.choice(_MARKS) if plain else word,
        word.upper(),
        word.lower(),
        word.replace("ffi", "\ufb03").replace("fi", "\ufb01").replace("fl", "\ufb02"),
        word.replace("<", "&lt;").replace(">", "&gt;"),
    ]
    return dice.choice(ways) if dice.random() < 0.6 else word


def _typeset(text: str, dice: random.Random) -> str:
    first, *others = (_typeset_word(word, dice) for word in text.split(" "))
    for word in others:
        first += (dice.choice(_SPACES) if dice.random() < 0.25 else " ") + word
    return re.sub(
        r"(?<=[a-zA-Z])-(?=\w)",
        lambda _: dice.choice(_HYPHENS) if dice.random() < 0.5 else "-",
        first,
    )


@settings(max_examples=500, deadline=None)
@given(wordings, st.randoms(use_true_random=False))
def test_typesetting_always_passes(wording: tuple[str, int, str], dice: random.Random) -> None:
    code, number, text = wording
    typeset = _typeset(text, dice)
    result = check(typeset, LIBRARY, whole=False)
    assert [(m.claim, m.variation) for m in result.matches] == [(code, number)], repr(typeset)
    assert not result.findings, repr(typeset)
    match = result.matches[0]
    assert typeset[: match.start].strip("*_") == ""
    assert typeset[match.end :].strip("*_.¹²³,\n") in {"", "<sup>1</sup>", "[^2]", "[3]", "®", "†"}


def _altered(text: str, dice: random.Random) -> str:
    """One digit changed, or one word left out or put in."""
    words = text.split(" ")
    at = dice.randrange(1, len(words) - 1)
    way = dice.randrange(3)
    digits = [match.start() for match in re.finditer(r"\d", text)]
    if way == 0 and digits:
        place = dice.choice(digits)
        return text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]
    if way == 1 and len(words[at]) > 4:
        return " ".join(words[:at] + words[at + 1 :])
    return " ".join([*words[:at], dice.choice(["not", "remarkably", "hardly"]), *words[at:]])


@fast
@given(st.randoms(use_true_random=False))
def test_no_altered_wording_passes_among_others(dice: random.Random) -> None:
    text = ""
    altered: list[tuple[int, int]] = []
    for _ in range(dice.randrange(2, 7)):
        wording = dice.choice(WORDINGS)[2]
        text += dice.choice([" ", " ", "\n\n", "\n- "]) if text else ""
        start = len(text)
        changed = dice.random() < 0.6
        text += _altered(wording, dice) if changed else wording
        if changed:
            altered.append((start, len(text)))
    found = check(text, LIBRARY, whole=False).findings
    for start, end in altered:
        own = [f for f in found if f.start < end and f.end > start]
        assert any(f.severity is Severity.BLOCK for f in own), (text[start:end], text)


@fast
@given(
    wordings,
    st.sampled_from(["not", "un", "non", "no", "in", "never", "only", "all"]),
    st.sampled_from(
        ["<sup>{}</sup>", "<sub>{}</sub>", "[^{}]", "<b>{}</b>", "~~{}~~", "^{}^", "<a>{}</a>"]
    ),
    st.data(),
)
def test_a_word_put_in_by_markup_never_passes(
    wording: tuple[str, int, str], word: str, markup: str, data: st.DataObject
) -> None:
    text = wording[2]
    at = data.draw(st.sampled_from([match.start() for match in re.finditer(r"(?<= )\S", text)]))
    _assert_altered(text[:at] + markup.format(word) + " " + text[at:])


@fast
@given(
    wordings,
    st.sampled_from(["[1]", "¹", "<sup>1</sup>", "^1", "<sup>12</sup>", "[2,3]"]),
    st.data(),
)
def test_a_mark_inside_a_figure_never_passes(
    wording: tuple[str, int, str], mark: str, data: st.DataObject
) -> None:
    text = wording[2]
    places = [match.end() for match in re.finditer(r"\d(?=\d)", text)]
    if places:
        at = data.draw(st.sampled_from(places))
        _assert_altered(text[:at] + mark + text[at:])


@fast
@given(
    wordings,
    st.sampled_from(["This", "That", "All of this", "Some of that", "The statement above"]),
    st.sampled_from(["was", "is", "applies", "has been", "may be", "comes"]),
    st.sampled_from(
        [
            *("from another medicine", "in animals", "to a different population", "disputed"),
            *("a rumor", "old news", "under investigation by the agency", "what rivals print"),
            *("exaggerated", "too cautious", "a wild guess", "for smokers", "unverified"),
        ]
    ),
)
def test_what_is_said_of_a_wording_never_passes(
    wording: tuple[str, int, str], subject: str, verb: str, said: str
) -> None:
    text = wording[2] if wording[2].endswith(".") else wording[2] + "."
    _assert_altered(f"{text} {subject} {verb} {said}.")


RANGES = {"days": "weeks", "weeks": "days", "mg": "g", "months": "years", "hours": "minutes"}
FACTORS = {"days": "1/7", "weeks": "7", "mg": "1/1000", "months": "1/12", "hours": "60"}


@fast
@given(
    st.integers(1, 60),
    st.integers(1, 60),
    st.sampled_from(sorted(RANGES)),
    st.sampled_from([" to ", "-", " or ", "–", " vs. "]),
)
def test_a_range_of_which_one_end_has_another_unit_never_passes(
    low: int, wide: int, unit: str, joint: str
) -> None:
    factor = Fraction(FACTORS[unit])
    high = (low + wide) * factor.denominator
    claim = ClaimText("ZEL-0200", f"ZELVORA is given for {low}{joint}{high} {unit} in all.")
    own = compile_library(PRODUCT, [claim])
    text = f"ZELVORA is given for {low}{joint}{high * factor} {RANGES[unit]} in all."
    assert not verdict_of(check(text, own, whole=False)).passes, text
