"""Whether a sentence says that the product treats a disease, or merely names it."""

from __future__ import annotations

from claims_library.detectors.reading import Line
from claims_library.detectors.uses import Disease

_TO = frozenset(["for", "in", "against", "with", "of"])
_TREATS = frozenset(
    [
        *("treat", "treats", "treating", "treatment", "indicated", "approved", "cures"),
        *("cure", "manage", "manages", "management", "relieves", "relieve", "relief", "against"),
        *(
            "controls",
            "control",
            "prevents",
            "prevent",
            "preventing",
            "fights",
            "fight",
            "reverses",
        ),
        *("calms", "calm", "tackles", "tackle", "eases", "ease", "clears", "heals", "heal"),
    ]
)
_OPTIONS = frozenset(
    [
        *("option", "solution", "choice", "answer", "indicated", "used", "use", "works", "helps"),
        *("help", "effective", "active", "consider", "choose", "try", "offer", "suitable", "ideal"),
    ]
)
_RISKS = frozenset(
    [
        *("adverse", "reaction", "reactions", "risk", "cause", "caused", "causes", "occurred"),
        *("reported", "monitor", "incidence", "discontinuation", "history", "comorbid", "side"),
    ]
)
_CAUSES = frozenset(["cause", "causes", "caused", "no", "without", "induced", "monitor"])


def treats(line: Line, disease: Disease) -> bool:
    """Whether the product is spoken of in connection with the disease as one of its uses."""
    before = line.words[max(0, disease.start - 5) : disease.start]
    return (bool(_TO & set(before)) and not (_RISKS & set(line.words))) or is_treated(line, disease)


def is_treated(line: Line, disease: Disease) -> bool:
    """Whether it is said outright that the product treats the disease."""
    before = line.words[max(0, disease.start - 6) : disease.start]
    if _CAUSES & set(before):
        return False
    near = bool({"for", "in", "against", "with"} & set(before[-2:]))
    return bool(_TREATS & set(before[-4:])) or (near and bool(_OPTIONS & set(line.words)))
