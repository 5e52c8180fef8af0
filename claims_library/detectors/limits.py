"""Whether a stage, severity, line or population lies within what a use of the label says."""

from __future__ import annotations

# stages that a use must name, even if it says nothing of stages
_NAMED = frozenset(["adjuvant", "neoadjuvant", "chemoradiation", "in-situ", "maintenance"])
_COVERED = {
    "metastatic": frozenset(["advanced"]),
    "advanced": frozenset(["metastatic", "locally-advanced", "unresectable"]),
    "locally-advanced": frozenset(["advanced", "unresectable"]),
    "stage-iii": frozenset(["locally-advanced", "adjuvant", "unresectable"]),
    "early": frozenset(["adjuvant", "neoadjuvant", "in-situ"]),
    "relapsed": frozenset(["refractory", "metastatic", "advanced"]),
    "refractory": frozenset(["relapsed", "metastatic", "advanced"]),
    "unresectable": frozenset(["locally-advanced"]),
    "in-situ": frozenset[str](),
}
_NARROW = {
    "premenopausal": frozenset(["women"]),
    "postmenopausal": frozenset(["women"]),
    "women": frozenset(["premenopausal", "postmenopausal"]),
}
PURPOSES = {
    "weight": ("weight", "obesity", "overweight"),
    "sexual-performance": ("performance", "erectile"),
    "sleep": ("sleep", "insomnia", "narcolepsy"),
    "smoking": ("smoking", "nicotine"),
    "alcohol": ("alcohol",),
    "ageing": ("wrinkles", "glabellar", "lines", "facial"),
    "hair": ("hair", "alopecia"),
    "mood": ("anxiety", "depressive", "depression", "mood"),
    "memory": ("alzheimer's", "dementia", "attention", "cognitive"),
    "energy": ("fatigue", "sleepiness", "testosterone"),
    "muscle": ("muscle", "wasting", "cachexia"),
}


def stage_fits(value: str, values: frozenset[str]) -> bool:
    """Whether a stage is one of ``values`` or covered by one; no values, no limit."""
    if value in values or _COVERED.get(value, frozenset()) & values:
        return True
    return not values and value not in _NAMED


def severity_fits(value: str, values: frozenset[str]) -> bool:
    """Whether a disease this severe is within ``values``; worse than allowed is within."""
    if value in values or not values:
        return True
    if value in {"acute", "chronic"}:
        return not {"acute", "chronic"} & values
    order = [v for v in ("mild", "moderate", "severe") if v in values]
    return not order or value == "severe" or (value == "moderate" and "mild" in order)


def line_fits(value: str, values: frozenset[str]) -> bool:
    """Whether a line is allowed; what is allowed after treatment is allowed in later lines."""
    if not values or value in values:
        return True
    return value != "first" and bool(values - {"first"})


def population_fits(value: str, values: frozenset[str]) -> bool:
    """Whether a population is one of ``values``; pregnancy has to be named by the label."""
    if value == "pregnancy":
        return value in values
    sexes = values & {"men", "women", "premenopausal", "postmenopausal"}
    return not sexes or value in sexes or bool(_NARROW.get(value, frozenset()) & sexes)
