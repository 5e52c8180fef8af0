"""Whether a disease that a sentence names is one the label speaks of as a use."""

from __future__ import annotations

from claims_library.detectors.reading import Line
from claims_library.detectors.treating import is_treated, treats
from claims_library.detectors.uses import GENERIC_HEADS, Disease
from claims_library.indications import Indications

_WARNING = frozenset(
    [
        *("rare", "uncommon", "incidence", "occurred", "occurs", "reported", "developed"),
        *("mortality", "death", "deaths", "risk", "risks", "warning", "caution", "adverse"),
        *("increased", "fatal", "monitor"),
    ]
)


def disease_fits(disease: Disease, line: Line, known: Indications) -> bool:
    """Whether a disease is one of the label's, or is not what the product is said to treat."""
    own = [d for use in known.uses for d in use.diseases if d.head == disease.head]
    kinds = disease.types - {"acute", "chronic"}
    if disease.head in known.excluded and not own:
        return not is_treated(line, disease) and not _WARNING.isdisjoint(line.words)
    if disease.head in known.topics or (disease.head in GENERIC_HEADS and not kinds):
        return True
    if own:
        return _is_own(disease, own, kinds, known) or (
            not is_treated(line, disease) and not _WARNING.isdisjoint(line.words)
        )
    word = line.words[disease.end - 1]
    if word in known.indication_words and kinds <= known.indication_words:
        return not is_treated(line, disease)
    if not treats(line, disease):
        return True
    return (
        word in known.label_words and kinds <= known.label_words and not is_treated(line, disease)
    )


def _is_own(
    disease: Disease, own: list[Disease], kinds: frozenset[str], known: Indications
) -> bool:
    """Whether one of the label's diseases of this head is meant, by the words that tell it."""
    typed = [d for d in own if d.types]
    fits = (
        not kinds or not typed or any(not (kinds - d.types - known.indication_words) for d in typed)
    )
    return fits and (disease.head not in GENERIC_HEADS or any(kinds & d.types for d in own))


def may_be_same(one: Disease, other: Disease) -> bool:
    """Whether two names may mean one disease: the same head, and words that do not differ."""
    if one.head != other.head:
        return False
    return not one.types or not other.types or bool(one.types & other.types)
