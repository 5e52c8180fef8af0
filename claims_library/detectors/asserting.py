"""Does a sentence that does not name the product assert something about a medicine all the same?

It is read as a subject and what is said of it: ``Nausea | passes after the first cycle``. The
subject is what stands before the verb, its head the last word of that. A clinical subject of which
something is said is taken for a claim, unless it is said of papers, visits or the trial's design.
"""

from __future__ import annotations

from typing import NamedTuple

from claims_library.detectors.backgrounds import is_classed
from claims_library.detectors.reading import Line
from claims_library.wordlists import words

_VERBS = words(
    """
    is are was were be been isn't aren't wasn't weren't has have had hasn't haven't hadn't does did
    do doesn't don't didn't can could may might will would shall cannot can't won't should must
    works goes comes came went gets got takes took needs needed lasts sets set melts fades passes
    wears settles recovers latches binds penetrates carries brings leaves replaces covers plays
    hides makes made lets gives gave costs pays feels looks means matters happens occurs helps
    supports starts stops turns runs moves reaches enters crosses stays keeps returns returned rises
    falls fell drops dropped grows grew shrinks improves improved stand stands stood exceeds
    exceeded begins began lifts spares saves ends ended depends varies calls acts shuts shows finds
    tells say says said see sees resolve recover disappear settle pass fade subside return improve
    respond remain occur last work help melt deepen deepened widen confirms confirm treats protects
    raises raise increases increase prevents stay stays stayed became become continues continued
    seem seems seemed tends require
    requires
    """
)
_STOPS = words(
    """
    in on at for with by from to into onto over under after before during within without through
    across among between about against per until since than when where while if because as and or
    but who which that whose not never always also only still too even just
    """
)
_OPENING = words(
    """
    in on at for with by from after before during within without through across among over under
    when while if because once since until although though despite unlike like
    """
)
_DETERMINERS = words(
    """
    the a an this these those our your its their any each every all most many some few several no
    both half one two three
    """
)
# clinical words that are common words as well: they need a second one beside them
_COMMON = words(
    """
    goal goals score scores level levels response responses benefit benefits control outcome
    outcomes pressure energy function functioning hearing stays walks letters easy alive living
    protection product device devices drop drops patch pen pens kit dose doses reaction reactions
    resistance attacks attack rhythm cell cells tissue attention balance memory eye eyes hair heart
    plaque concentration interaction interactions exposure absorption elimination affinity compound
    molecule solution powder treatment treatments therapy therapies drug drugs medicine medicines
    medication medications delirium virus withdrawal efficacy effectiveness confusion weight height
    sugar skin bone joint cough os
    """
)
_GENERIC_HEADS = words(
    """
    rate rates level levels number time course profile effect effects activity success burden need
    change changes prolongation elevation elevations increase increases decrease decreases
    occurrence worsening development grades cases reports episodes signs use incidence risk
    frequency severity duration onset
    """
)
_WE = words("we us our i my me")
_CLINICAL = ("treatment", "drug", "safety", "outcome", "pk", "body")
_MORE = (*_CLINICAL, "human", "disease", "effect", "evaluative", "pct", "comparative")
_KINDS = {"safety": "safety", "outcome": "efficacy", "body": "efficacy", "pk": "mechanism"}
_BEING = words(
    """
    is are affects affect causes cause remains remain accounts account occurs occur begins begin
    develops develop strikes has have can may places put puts means mean starts needs need requires
    require calls differs differ varies vary
    """
)
_VARYING = words(
    """
    includes include involves comprises varies vary differs differ depends depend matters matter
    means mean
    """
)
_OF_MEDICINES = words("efficacy safety mechanism")
_REFERRING = words("it they this")
_LINKING = words(
    """
    is are was were be been isn't aren't wasn't weren't has have had can could may might will would
    shall cannot can't won't should must do does did don't doesn't didn't
    """
)
_POINTS = words("page section slide table figure step")


class Assertion(NamedTuple):
    """What is asserted: its kind, and the words ``start``–``end`` that it is said of."""

    kind: str
    start: int
    end: int


def assertion(line: Line) -> Assertion | None:
    """What a sentence asserts of a clinical subject; None if nothing, or only of procedure."""
    if line.question or line.sentence.heading or len(line.words) < 3 or _is_operational(line):
        return None
    if line.words[0] in _REFERRING:
        return _of_pronoun(line)
    start = _subject_start(line)
    if start is None:
        return None
    verb = _verb(line, start)
    if verb is None:
        return _fragment(line, start)
    if verb == start:
        return _without_subject(line, verb)
    return _of_subject(line, start, verb)


def _is_operational(line: Line) -> bool:
    """Whether it speaks of an organisation's work, an appointment, or of us."""
    return (
        line.has("organisation")
        or line.has("slot")
        or line.has("calendar")
        or any(not hit.source.endswith("hours $") for hit in line.hits.get("frame", ()))
        or bool((_WE | _POINTS) & set(line.words))
    )


def _subject_start(line: Line) -> int | None:
    """Where the subject begins: after an opening phrase that a comma ends (``In mice, …``)."""
    if line.words[0] not in _OPENING:
        return 0
    words = line.sentence.words
    comma = next((i for i, word in enumerate(words) if word == ","), None)
    if comma is None:
        return None
    return next((i for i, at in enumerate(line.at) if at > comma), None)


def _verb(line: Line, start: int) -> int | None:
    """The first verb of the sentence."""
    for place in range(start, min(len(line.words), start + 14)):
        word, classes = line.words[place], line.classes[place]
        if word in _VERBS or word in _BEING:
            return place
        after = line.words[place + 1] if place + 1 < len(line.words) else ""
        verbal = not any(name in classes for name in _CLINICAL) or "effect" in classes
        if place > start and verbal and _looks_like_verb(word, line.words[place - 1], after):
            return place
        if place == start and "effect" in classes and word.endswith("s") and after:
            return place
    return None


def _looks_like_verb(word: str, before: str, after: str) -> bool:
    """A form in -s after a singular noun, or in -ed; no verb follows."""
    if after in _VERBS or before in _DETERMINERS or before in _STOPS:
        return False
    if word.endswith("ed") and len(word) > 4:
        return True
    return (
        word.endswith("s")
        and not word.endswith(("ss", "us", "is"))
        and len(word) > 3
        and before[-1:] not in {"s", ""}
        and before.isalpha()
    )


def _of_subject(line: Line, start: int, verb: int) -> Assertion | None:
    """What is said of the noun before the verb, if it is a clinical one."""
    end = verb
    for place in range(start + 1, verb):
        if line.words[place] in _STOPS:
            end = place
            break
    head = end - 1
    while head > start and line.words[head] in {"not", "also", "still", "only"}:
        head -= 1
    kind = _clinical(line, head)
    if not kind and line.words[head] in _GENERIC_HEADS:
        # ``rates of nausea``: what the rate is of
        own = [*range(start, head), *(range(end, verb) if line.words[end] == "of" else ())]
        kind = next((k for k in (_clinical(line, p) for p in own) if k), "")
    if not kind or is_procedural(line, verb):
        return None
    if line.words[verb] in _VARYING or is_classed(line, verb):
        return None
    common = line.words[head] in _COMMON
    if common and not _seconded(line, range(start, end)):
        return None
    return Assertion(kind, start, len(line.words))


def _clinical(line: Line, place: int) -> str:
    """The kind of claim that a clinical word makes; nothing for another word."""
    classes = line.classes[place]
    if "organisation" in classes:
        return ""
    for name in _CLINICAL:
        if name in classes:
            return _KINDS.get(name, "statement")
    return ""


def _seconded(line: Line, without: range) -> bool:
    """Whether a second clinical or judging word stands elsewhere in the sentence."""
    return any(
        place not in without and any(name in classes for name in _MORE)
        for place, classes in enumerate(line.classes)
        if line.words[place] not in _VERBS or "effect" in classes
    )


def is_procedural(line: Line, verb: int, reach: int = 5) -> bool:
    """Whether what is said is that something was measured, printed, scheduled …."""
    if verb and line.words[verb] not in _LINKING:
        return False
    return any("procedural" in classes for classes in line.classes[verb : verb + reach])


def _of_pronoun(line: Line) -> Assertion | None:
    """``It binds its target``: the product, if the rest is clinical."""
    if line.has("about") or is_procedural(line, 0):
        return None
    rest = range(1, len(line.words))
    clinical = any(_clinical(line, place) for place in rest)
    weak = line.words[0] == "it" and any(
        group.startswith("claim:") and group.split(":")[1] in _OF_MEDICINES for group in line.hits
    )
    return Assertion("statement", 0, len(line.words)) if clinical or weak else None


def is_chat(line: Line) -> bool:
    """Whether people speak of themselves or of a date, and of nothing clinical."""
    if not line.has("calendar") and not _WE & set(line.words):
        return False
    return not any(line.has(name) for name in ("treatment", "drug", "safety", "human", "disease"))


def verb_of(line: Line) -> int | None:
    """Where the first verb of a sentence stands."""
    return _verb(line, 0)


def _without_subject(line: Line, verb: int) -> Assertion | None:
    """``Protects the whole family.``: the product is what is meant."""
    word = line.words[verb]
    ends = line.sentence.text.rstrip()[-1:] in {".", "!"}
    promises = "effect" in line.classes[verb] and word.endswith("s")
    if not ends or not promises or is_procedural(line, verb):
        return None
    return Assertion("efficacy", verb, len(line.words))


def _fragment(line: Line, start: int) -> Assertion | None:
    """``Stronger bones in one year.``: a fragment that ends like a sentence and praises."""
    if line.sentence.text.rstrip()[-1:] not in {".", "!"} or len(line.words) > 12:
        return None
    if "comparative" not in line.classes[start]:
        return None
    clinical = [p for p in range(start + 1, len(line.words)) if _clinical(line, p)]
    if not clinical:
        return None
    return Assertion(_clinical(line, clinical[0]), start, len(line.words))
