"""Lines that name a subject and state nothing of it: captions and titles of sections.

``Figure 3. Overall survival with PRODUCT versus placebo`` names what is shown; ``Longer survival
with PRODUCT`` says what it does. A subject has no verb, no figure and no word that judges.
"""

from __future__ import annotations

import re

from claims_library.detectors.patterns import Hit
from claims_library.detectors.reading import Line
from claims_library.wordlists import words

LONGEST = 22  # words
_CAPTION = words("table figure fig chart graph exhibit section part module page slide appendix")
_NUMBER = re.compile(r"[0-9]{1,3}[a-z]?|[ivx]{1,5}|[a-z]")
ASKING = words("what how which who when where why")
# of a title whose second half says what is done with the subject: ``Dosing: what pharmacists ask``
_TALK = ASKING | words("ask asks asked talk discuss cover notes note prompts prompt")
_STATE = words(
    """
    newly previously untreated treated diagnosed relapsed refractory resistant intolerant stopping
    starting switching restarting continuing reported observed studied receiving given taken used
    related associated severe moderate mild advanced metastatic unresectable resected
    postmenopausal premenopausal older younger line positive negative mutated among during after
    before aged least common frequent serious term food meals interruption interruptions
    invasive distant local locoregional intent intention treat pivotal registrational main enrolled
    reduction reductions discontinuation follow up arm arms group groups comparator control
    """
)
# words of titles that promise, say how much, or leave something out
TELLING = words(
    """
    only first no not without plus less more fewer free relief protection prevention control cure
    benefit benefits durability satisfaction quality life living alive energy clearance
    """
)
_FINITE = words(
    """
    is are was were be been has have had can could may might will would shall should must does do
    did works helps means makes lets gives keeps
    """
)
_NEUTRAL = (
    *("product", "drug", "treatment", "disease", "safety", "human"),
    *("topic", "stop", "slot", "organisation", "expert"),
)
_NAMED_FREE = words("survival remission interval")  # progression-free survival
_OF_TIME = words("early late long")  # of a disease or term, never of a response
_TIMED = words("stage term phase line breast relapse")
_PRAISING = words("superiority exclusivity promise testimonial quality-of-life cost convenience")


def names_subject(line: Line, kinds: frozenset[str]) -> bool:
    """Whether a line is a caption or title: no verb, no figure, only words of subjects.

    Args:
        line: what is read.
        kinds: of the words in it that would speak for a claim, weakly too.
    """
    if not 2 <= len(line.words) <= LONGEST or line.sentence.text.rstrip()[-1:] in {".", "!", "?"}:
        return False
    said = [word for word, own in zip(line.words, line.classes, strict=True) if "outcome" in own]
    if kinds & _PRAISING or len(set(said)) < len(said):
        return False
    start = _after_number(line)
    return start < len(line.words) and all(
        _is_neutral(line, at) for at in range(start, len(line.words))
    )


def _after_number(line: Line) -> int:
    """Where a caption begins after ``Figure 2``; 0 where there is none."""
    if line.words[0] not in _CAPTION or len(line.words) < 3:
        return 0
    return 2 if _NUMBER.fullmatch(line.words[1]) else 0


def _is_neutral(line: Line, at: int) -> bool:
    word, own = line.words[at], line.classes[at]
    if word == "free":
        return line.words[at + 1 : at + 2] != [] and line.words[at + 1] in _NAMED_FREE
    if word in _OF_TIME:
        return _is_timed(line, at + 1)
    if word in TELLING or word in _FINITE:
        return False
    if word in _STATE or word in _TALK or _is_digit_of_name(line, at) or _is_size(line, at):
        return True
    if "num" in own or "evaluative" in own or "effect" in own:
        return False
    return any(name in own for name in _NEUTRAL) or _is_abbreviation(line, at)


def _is_digit_of_name(line: Line, at: int) -> bool:
    """The 2 of ``BEACON-2``."""
    kinds = line.sentence.kinds
    return kinds[line.at[at] : line.at[at] + 1] == "i"


def _is_size(line: Line, at: int) -> bool:
    """A word of ``n = 740``, the size of an arm in the head of a column."""
    return any(
        line.words[first : first + 2] == ["n", "="] and "num" in line.classes[first + 2]
        for first in range(max(0, at - 2), min(at + 1, len(line.words) - 2))
    )


def speaks(line: Line, hit: Hit) -> bool:
    """Whether words of a claim are meant as such: no ``early breast cancer``, ``more than one``."""
    if hit.end - hit.start == 1 and line.words[hit.start] in _OF_TIME:
        return not _is_timed(line, hit.end)
    than = [at for at in range(hit.start, hit.end) if line.words[at] == "than"]
    if hit.kind != "comparison" or not than:
        return True
    return not all("num" in line.classes[at + 1] for at in than if at + 1 < len(line.words))


def _is_timed(line: Line, at: int) -> bool:
    return at < len(line.words) and (line.words[at] in _TIMED or "disease" in line.classes[at])


def _is_abbreviation(line: Line, at: int) -> bool:
    """A name in capitals (``ENESTnd``, ``MMR``); a line all in capitals has none."""
    written = line.quote(at, at + 1)
    capitals = sum(char.isupper() for char in written)
    return capitals >= 2 and any(char.islower() for char in line.sentence.text)
