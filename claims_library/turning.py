"""Sentences that take back, or change, the approved wording that stands before or after them.

``This is not true.`` after a claim, ``None of the following holds:`` before one, a heading
``Myths``, or a fragment that goes on where the claim ended (``Except in children.``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from claims_library import commenting, strength
from claims_library.findings import Verdict
from claims_library.segmenting import Sentence as Run
from claims_library.tokens import Tokens
from claims_library.wordlists import words as listed_words

_LONGEST, _FRAGMENT = 18, 14
_TURNING_LEADS = strength.TURNING | frozenset(["not", "never", "no", "don't", "avoid", "if"])
_OPENERS = listed_words(
    "however but yet still though although actually indeed unfortunately sadly of course in fact "
    "reality truth now today please alas sorry later then , - ; : * ( and so"
)
_DENYING_TITLES = listed_words(
    """
    myth myths misconception misconceptions untrue false wrong incorrect fiction fallacy fallacies
    rejected unapproved banned retired superseded obsolete outdated discarded deleted withdrawn
    lie lies tales legends hoaxes hoax rumor rumors rumour rumours hearsay
    """
)
_BACK = listed_words(
    """
    this that these those it they which above previous preceding former earlier last statement
    statements sentence sentences claim claims wording line paragraph point
    """
)
_SAYINGS = listed_words("statement statements sentence sentences claim claims wording line above")
_FORWARD = listed_words("following next below follows")
# words of holding true: a denial of them takes a statement back
_HOLDING = listed_words(
    """
    true so hold holds held apply applies applied confirm confirms confirmed correct right valid
    accurate case say says said state states stated claim claims claimed rely relied trust believe
    believed believes stand stands supported proven proved replicated reproduced real fact happened
    happens demonstrated verified substantiated recommended
    """
)
_FALSE = listed_words(
    """
    wrong false falsified fabricated invented retracted disproved disproven refuted incorrect
    erroneous misleading untrue mistaken
    """
)
_EVIDENCE = listed_words(
    "data results result study studies trial trials paper analysis figures numbers label evidence"
)
_DISMISSING = listed_words("ignore disregard forget delete remove strike skip discard dismiss")
_REVERSED = re.compile(r"(?:the |quite the )?(?:very |exact )?(?:opposite|reverse|contrary)\b")
_DISMISSED = re.compile(
    r"(?:do not|don't|never) (?:rely|trust|use|quote|repeat|believe|say|write|copy|print|cite)\b"
)
_ASIDES = re.compile(
    r"(?:or is it|is it|really|are they|does it|or does it|says who) \?"
    r"|(?:[.…] ){0,4}(?:or )?not [.!?]?$"
    r"|not (?:true|so|really|correct|any ?more|any longer|yet|quite|exactly)\b"
    r"|(?:wrong|false|myth|nonsense|untrue) ?[.!]?$|just kidding|as if ?[.!]?$|if only\b"
    r"|or so (?:they|we|some)\b"
)
_HEADED = re.compile(
    r"(?:what )?(?:do not|don't|never|not to|not)(?: to)? "
    r"(?:say|write|claim|use|quote|copy|publish|print|show|send|true|approved|allowed|permitted)$"
)
_WORDING = r"(?:wordings?|texts?|versions?|label|labell?ing|claims?|copy|statements?|messages?)"
_BANNED = re.compile(
    rf"(?:old|former|previous|earlier|competitors?'?|competing|rival) {_WORDING}\b"
    r"|.*\b(?:competitors?|rivals?) (?:say|claim|write|tell)\b"
    r"|(?:common|frequent|typical) (?:errors|mistakes)$"
    rf"|(?:bad|poor|negative|counter) ?-?(?:examples?|practice|{_WORDING})$"
    r"|(?:the )?(?:do not|don't|don'ts|never|avoid|not)$"
)
_TITLE = 6
# a fragment that begins so goes on where the sentence before it ended
_GOES_ON = re.compile(
    r"(?:except|excepting|excluding|unless|barring|minus|including|especially|particularly)\b"
    r"|or (?!if you|to report|for more)\w+"
    r"|(?:but|and|even|only|not|also|just) "
    r"(?:not|never|only|in|for|with|without|when|if|at|after|before|among|on|during|until)\b"
)
_POINTS = listed_words("see visit call contact www refer read ask write email phone page @ ?")


@dataclass(frozen=True, slots=True)
class Turn:
    """What another sentence does to an approved wording: the reason, and what that amounts to."""

    reason: str
    verdict: Verdict = Verdict.POLARITY_FLIPPED


_HEADING = Turn("The heading above says that what follows is not so; {code} says it is.")
_BEFORE = Turn("The words before it take {code} back.")
_AFTER = Turn("The sentence after it takes {code} back.")
_GONE_ON = Turn(
    "The sentence after it goes on where {code} ends, and changes it.", Verdict.REWORDED
)
_COMMENT = Turn(
    "The sentence after it speaks of {code} and changes what it is taken for.", Verdict.REWORDED
)
_NOTE = Turn("A footnote to {code} changes it.", Verdict.REWORDED)


def turned_runs(tokens: Tokens, runs: Sequence[Run], said: Collection[int]) -> dict[int, Turn]:
    """Sentences that another one takes back or changes.

    Args:
        tokens: the text.
        runs: its sentences.
        said: which of them hold approved wording: those take nothing back.
    """
    turned: dict[int, Turn] = {}
    title = listed = False
    for at, run in enumerate(runs):
        words = tokens.words[run.start : run.end]
        before = tokens.words[runs[at - 1].start : runs[at - 1].end] if at else []
        if run.heading or _is_title(tokens, run):
            title = _denies_below(words)
        follows = at - 1 not in said and turns_what_follows(before)
        listed = follows or (listed and run.item)
        if title and not run.heading:
            turned[at] = _HEADING
        elif listed:
            turned[at] = _BEFORE
        if at and at not in said and (not run.heading or commenting.names_place(words)):
            turn = turns_what_came(words, follows=not run.begins)
            if turn is not None and (turn is not _GONE_ON or not run.begins):
                turned[_stated_before(tokens, runs, at)] = turn
            _note(tokens, runs, at, said, turned)
    return turned


def _stated_before(tokens: Tokens, runs: Sequence[Run], at: int) -> int:
    """The run before that says anything (``. . .`` does not)."""
    at -= 1
    while at and set(tokens.kinds[runs[at].start : runs[at].end]) == {"s"}:
        at -= 1
    return at


def _note(
    tokens: Tokens,
    runs: Sequence[Run],
    at: int,
    said: Collection[int],
    turned: dict[int, Turn],
) -> None:
    """A footnote that limits or denies the approved wording that carries its sign."""
    run = runs[at]
    sign = _note_sign(tokens, run) if run.begins else ""
    if not sign:
        return
    words = tokens.words[run.start : run.end]
    turn = turns_what_came(words, follows=True)
    if turn is None and not commenting.is_fragment(words):
        return
    for other in said:
        end = tokens.ends[runs[other].end - 1]
        if other < at and sign in tokens.source[tokens.starts[runs[other].start] : end + len(sign)]:
            turned[other] = _AFTER if turn is _AFTER else _NOTE


def _note_sign(tokens: Tokens, run: Run) -> str:
    """The sign at a line's begin that makes it a footnote, or nothing."""
    start = tokens.starts[run.start]
    line = tokens.source.rfind("\n", 0, start) + 1
    sign = tokens.source[line:start].strip(" \t>([)]:")
    return sign if sign and all(char in commenting.NOTE_SIGNS for char in sign) else ""


def _is_title(tokens: Tokens, run: Run) -> bool:
    """A short line without an end, as titles are where nothing marks them."""
    return (
        run.begins
        and not run.item
        and run.end - run.start <= _TITLE
        and tokens.kinds[run.end - 1] == "w"
        and (run.end >= len(tokens) or run.end in tokens.blocks)
    )


def _denies_below(words: Sequence[str]) -> bool:
    said = [word for word in words if word[0].isalpha()]
    text = " ".join(said)
    return (
        any(word in _DENYING_TITLES for word in said)
        or (len(said) <= 5 and _HEADED.search(text) is not None)
        or (len(said) <= _TITLE and _BANNED.match(text) is not None)
    )


def turns_what_follows(words: Sequence[str]) -> bool:
    """Whether a lead-in with a colon, or a sentence such as ``False.``, denies what follows."""
    if not words:
        return False
    if words[-1] == ":":
        return any(word in _TURNING_LEADS for word in words)
    said = [word for word in words if word[0].isalpha()]
    if len(said) <= 2:
        return any(word in _DENYING_TITLES for word in said) or said == ["not", "true"]
    if len(said) > _LONGEST or not any(word in _FORWARD for word in said):
        return False
    return _denies(said) or said[0] in _DISMISSING


def turns_what_came(words: Sequence[str], *, follows: bool) -> Turn | None:
    """What a sentence does to the one before: takes it back, changes it, or nothing.

    Args:
        words: the sentence.
        follows: whether it stands in the same paragraph.
    """
    if commenting.answers(words) or _takes_back(words):
        return _AFTER
    said = sum(word[0].isalpha() for word in words)
    text = " ".join(words)
    if 0 < said <= _FRAGMENT and _GOES_ON.match(text) and not _POINTS & set(words):
        return _GONE_ON
    if commenting.comments(words) and (follows or commenting.names_place(words)):
        return _COMMENT
    return None


def _takes_back(words: Sequence[str]) -> bool:
    """Whether it denies what was said before."""
    start = 0
    while start < len(words) - 1 and words[start] in _OPENERS and not _is_aside(words[start:]):
        start += 1
    rest = list(words[start:])
    text = " ".join(rest)
    said = [word for word in rest if word[0].isalpha()]
    if not said or len(said) > _LONGEST:
        return False
    if _is_aside(rest) or _REVERSED.match(text) or _dismisses(said, text):
        return True
    if any(word in _BACK for word in said) and _denies(said):
        return True
    return any(word in _EVIDENCE for word in said) and any(word in _FALSE for word in said)


def _is_aside(words: Sequence[str]) -> bool:
    return len(words) <= 8 and _ASIDES.match(" ".join(words)) is not None


def _dismisses(said: Sequence[str], text: str) -> bool:
    """Whether it tells to ignore a statement (``Do not rely on this.``)."""
    if not any(word in _BACK for word in said):
        return False
    return said[0] in _DISMISSING or _DISMISSED.match(text) is not None


def _denies(said: Sequence[str]) -> bool:
    """Whether it says of a statement that it does not hold."""
    if any(word in _FALSE or word in {"myth", "nonsense", "fiction"} for word in said):
        return True
    denied = strength.denies(list(said)) > 0
    holding = any(word in _HOLDING for word in said)
    sayings = any(word in _SAYINGS for word in said)
    if sayings and (denied or any(word in strength.TURNING for word in said)):
        return True
    longer = "longer" in said and "no" in said
    return (denied and holding) or (longer and holding)
