"""How a line names things: the product itself, a paper about it, or a mere title."""

from __future__ import annotations

from claims_library.detectors.reading import Line

_ABOUT = frozenset(["on", "about", "regarding", "for", "of"])
_FINITE = frozenset(["is", "are", "can", "may", "will", "does", "do", "should", "must"])


def names_product(line: Line) -> bool:
    """Whether the product is named, other than to say which team, page or meeting is meant."""
    places = line.places("product")
    for place in places:
        after = place + 1
        while after < len(line.words) and "product" in line.classes[after]:
            after += 1
        # two words of the paper's subject may stand between: "the PRODUCT dosing card"
        near = line.classes[after : after + 3]
        attached = any(
            "attached" in classes and all(_is_between(line, after + i) for i in range(n))
            for n, classes in enumerate(near)
        )
        if not attached and not _is_topic_of(line, place):
            return True
    return False


def _is_between(line: Line, at: int) -> bool:
    """Whether a word may stand between a name and the paper or kit it names; no verb may."""
    return "topic" in line.classes[at] or not (
        line.classes[at] or line.words[at].endswith(("s", "ed"))
    )


def _is_topic_of(line: Line, place: int) -> bool:
    """Whether the name only says what a paper or meeting is about (``the deck on PRODUCT``)."""
    return any(
        line.words[at] in _ABOUT and "attached" in line.classes[at - 1]
        for at in range(max(1, place - 2), place)
    )


def is_label(line: Line) -> bool:
    """A short line without verb or full stop, such as a cell or the title of a list."""
    if len(line.words) > 8 or line.sentence.text.rstrip()[-1:] in {".", "!", "?"}:
        return False
    if line.has("product"):
        return False
    return not any(
        "result" in classes or word in _FINITE or ("effect" in classes and word[-1] in {"s", "d"})
        for word, classes in zip(line.words, line.classes, strict=True)
        if word not in {"better", "worse", "strong", "high", "low", "higher", "lower", "longer"}
    )


def is_title(line: Line) -> bool:
    """Whether all that stands there is the product and words of titles, each outcome once."""
    outcomes = [line.words[at] for at in line.places("outcome")]
    return len(set(outcomes)) == len(outcomes) and all(
        classes & {"product", "topic", "stop", "slot"} or "num" in classes or len(word) == 1
        for word, classes in zip(line.words, line.classes, strict=True)
    )
