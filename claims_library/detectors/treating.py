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
        *("slows", "slow", "halts", "halt", "stops", "stop", "delays", "delay", "beats", "beat"),
        *("keeps", "keep", "holds", "hold", "quiets", "tames", "lifts", "lift", "stabilizes"),
        *("improves", "improve", "shrinks", "shrink", "soothes", "suppresses", "reduces"),
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
_CAUSES = frozenset(
    [
        *("cause", "causes", "caused", "no", "without", "induced", "monitor", "monitored"),
        *("test", "tested", "testing", "screen", "screened", "screening", "watch", "evaluate"),
        *("assess", "check", "rule", "exclude", "latent"),
    ]
)
_LOOKED_FOR = frozenset(["test", "tested", "screen", "screened", "monitor", "check", "evaluate"])
_CAUTION = frozenset(
    [
        *("caution", "cautious", "dose", "dosage", "adjust", "adjustment", "reduce", "avoid"),
        *("mortality", "death", "deaths", "warning", "warnings", "interrupt", "withhold"),
        *("monitoring", "included", "enrolled", "increased", "discontinue", "contraindicated"),
    ]
)
_YIELDS = frozenset(
    [
        *("yield", "yields", "yielded", "respond", "responds", "responded", "improve", "improves"),
        *("improved", "resolve", "resolves", "resolved", "clears", "recedes", "lifts", "eases"),
        *("shrinks", "heals", "subsides", "fades", "disappears"),
    ]
)
_LOWERING = ("lower", "reduc", "cut", "decreas", "lessen", "minimi", "halve", "protect")
_SINCE = frozenset(["to", "with", "on", "under", "from", "after"])


def treats(line: Line, disease: Disease) -> bool:
    """Whether the product is spoken of in connection with the disease as one of its uses."""
    before = line.words[max(0, disease.start - 5) : disease.start]
    if _LOOKED_FOR & set(before):
        return False
    return (bool(_TO & set(before)) and not (_RISKS & set(line.words))) or is_treated(line, disease)


def is_treated(line: Line, disease: Disease) -> bool:
    """Whether it is said outright that the product treats the disease."""
    before = line.words[max(0, disease.start - 6) : disease.start]
    if _CAUSES & set(before):
        return False
    if "safety" in line.classes[disease.end - 1] and _CAUTION & set(line.words):
        return False  # how a reaction is managed
    near = bool({"for", "in", "against", "with"} & set(before[-2:]))
    return (
        bool(_TREATS & set(before[-4:]))
        or _lowers_risk(before)
        or (near and bool(_OPTIONS & set(line.words)))
        or _is_for(line, disease)
        or _yields(line, disease)
        or _in_people_with(line, disease)
    )


def _lowers_risk(before: list[str]) -> bool:
    """Whether the risk of the disease is said to be lowered."""
    if "risk" not in before[-4:]:
        return False
    return any(word.startswith(_LOWERING) for word in before)


def _is_for(line: Line, disease: Disease) -> bool:
    """Whether a title or fragment begins with the product and what it is for."""
    start = next((i for i, classes in enumerate(line.classes) if "product" in classes), -1)
    after = start + 1
    while after < disease.start and "product" in line.classes[after]:
        after += 1
    return start == 0 and line.words[after : after + 1] == ["for"] and disease.start - after <= 3


def _yields(line: Line, disease: Disease) -> bool:
    """Whether the disease is said to give way (``… responds to PRODUCT``)."""
    after = line.words[disease.end : disease.end + 6]
    for i, word in enumerate(after):
        if word in _YIELDS:
            return any(other in _SINCE for other in after[i + 1 : i + 3]) and line.has("product")
    return False


def _in_people_with(line: Line, disease: Disease) -> bool:
    """Whether something good is said of the product in people who have the disease."""
    start = disease.start
    if start < 3 or line.words[start - 1] != "with" or "human" not in line.classes[start - 2]:
        return False
    leads = {"in", "for"} & set(line.words[max(0, start - 5) : start - 2])
    if not leads or (_RISKS | _CAUTION) & set(line.words):
        return False
    return line.has("product") and (line.has("effect") or line.has("evaluative"))
