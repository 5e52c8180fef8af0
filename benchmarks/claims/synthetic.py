"""Libraries of invented claims in any number, and texts that use, alter and ignore them.

No real product: names are made of syllables. Claims come in families that differ in one or two
slots, as real libraries do.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from claims_library.compiling import ClaimText

_ON = ["b", "br", "c", "d", "dr", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z"]
_VOWELS = ["a", "e", "i", "o", "u", "ia"]
_ENDS = ["", "n", "r", "l", "s", "x"]
_INN_ENDS = ["mab", "tinib", "gliptin", "sartan", "zole", "cept", "statin", "ciclib"]
_DISEASES = [
    f"{a} {b}"
    for a in (
        *("moderate to severe", "chronic", "relapsed or refractory", "early-stage", "metastatic"),
        *("newly diagnosed", "treatment-resistant", "severe", "mild to moderate"),
    )
    for b in (
        *("plaque psoriasis", "rheumatoid arthritis", "type 2 diabetes", "breast cancer"),
        *("multiple myeloma", "heart failure", "atopic dermatitis", "ulcerative colitis"),
        *("asthma", "migraine", "osteoporosis", "epilepsy", "chronic kidney disease"),
    )
]
_POPULATIONS = [
    *("adults", "adult patients", "adolescents aged 12 years and older", "postmenopausal women"),
    *("patients aged 65 years and older", "treatment-naive patients"),
    *("patients with inadequate response to prior therapy", "patients with renal impairment"),
]
_ENDPOINTS = [
    *("the risk of cardiovascular death", "the annualized relapse rate", "mean HbA1c"),
    *("disease progression or death", "LDL cholesterol", "monthly migraine days"),
    *("exacerbation rate", "itch severity", "fracture risk", "seizure frequency"),
    *("all-cause mortality", "tumor volume", "bleeding episodes", "joint damage progression"),
]
_REACTIONS = [
    *("nausea", "headache", "fatigue", "diarrhea", "neutropenia", "dizziness", "rash"),
    *("hypoglycemia", "arthralgia", "constipation", "conjunctivitis", "injection site reactions"),
]
_COMPARATORS = [
    *("placebo", "standard of care", "methotrexate", "warfarin", "metformin", "adalimumab"),
    *("best supportive care", "insulin glargine"),
]
_TEMPLATES = [
    (
        "In the {trial} study, {drug} reduced {ep} by {n}% compared with {comp} at week {w} in "
        "{pop} with {dis} (95% CI: {lo}, {hi}; p < 0.00{k})."
    ),
    "{n}% of {pop} with {dis} achieved a response with {drug} at week {w} vs. {n2}% with {comp}.",
    "{drug} ({inn}) is indicated for the treatment of {pop} with {dis}.",
    "{drug} did not increase the risk of {ae} compared with {comp} in {pop} over {w} weeks.",
    (
        "The most common adverse reactions with {drug}, occurring in at least {n2}% of patients, "
        "were {ae}, {ae2} and {ae3}."
    ),
    "{drug} improved {ep} versus {comp}, with a hazard ratio of {hr} (95% CI: {lo}, {hi}).",
    "No dose adjustment of {drug} is required in {pop} with {dis}.",
    "{drug} may be administered as a {mg} mg tablet once daily for up to {w} weeks in {pop}.",
    (
        "In {trial}, median progression-free survival was {m} months with {drug} vs. {m2} months "
        "with {comp} in {pop} with {dis} (HR {hr}; 95% CI: {lo}, {hi})."
    ),
    (
        "{drug} is contraindicated in patients with known hypersensitivity to {inn} or any of its "
        "excipients."
    ),
    (
        "Monitor patients treated with {drug} for {ae} before initiation, every {k} weeks for the "
        "first {w} weeks, and as clinically indicated."
    ),
    "If {ae} occurs, withhold {drug} until recovery, then resume at {mg} mg once daily.",
    "At {w} weeks, {n}% of patients on {drug} ({big} patients) reported {ae} and {n2}% {ae2}.",
    (
        "Advise {pop} to use effective contraception during treatment with {drug} and for at least "
        "{k} months after the last dose."
    ),
]
_NEUTRAL = [
    "Thank you for meeting our team at the regional centre last week.",
    "The agenda for the morning is printed on the second page of this brief.",
    "Which pathway does your clinic use to refer patients today?",
    "Lunch is provided in the conference room on the third floor.",
    "Please see the full Prescribing Information at the end of this document.",
    "Our account manager will send the minutes within five working days.",
    "The committee reviews requests on the first Monday of every month.",
    "Bring one printed copy for each of the attendees.",
]


def _name(dice: random.Random, syllables: int) -> str:
    return "".join(
        dice.choice(_ON) + dice.choice(_VOWELS) + dice.choice(_ENDS) for _ in range(syllables)
    )


def _slots(dice: random.Random, names: list[str]) -> dict[str, object]:
    reactions = dice.sample(_REACTIONS, 3)
    ratio = round(dice.uniform(0.4, 0.95), 2)
    return {
        "trial": f"{dice.choice(names)[:4].upper()}-{dice.randint(1, 9)}",
        "drug": dice.choice(names).capitalize(),
        "inn": dice.choice(names) + dice.choice(_INN_ENDS),
        "ep": dice.choice(_ENDPOINTS),
        "n": dice.randint(31, 89),
        "n2": dice.randint(3, 30),
        "comp": dice.choice(_COMPARATORS),
        "w": dice.choice([4, 8, 12, 16, 24, 26, 36, 48, 52, 104]),
        "pop": dice.choice(_POPULATIONS),
        "dis": dice.choice(_DISEASES),
        "ae": reactions[0],
        "ae2": reactions[1],
        "ae3": reactions[2],
        "hr": ratio,
        "lo": round(ratio - 0.12, 2),
        "hi": round(ratio + 0.13, 2),
        "mg": dice.choice([5, 10, 20, 25, 50, 75, 100, 150, 200, 300, 400]),
        "m": round(dice.uniform(15, 40), 1),
        "m2": round(dice.uniform(3, 14), 1),
        "k": dice.randint(2, 9),
        "big": dice.randint(120, 990),
    }


def claims(count: int, *, seed: int = 3) -> list[ClaimText]:
    """``count`` different claims, half of them with one further wording."""
    dice = random.Random(seed)
    names = [_name(dice, dice.choice([2, 3])) for _ in range(max(40, count // 25))]
    made: list[ClaimText] = []
    seen: set[str] = set()
    last: tuple[str, dict[str, object]] | None = None
    while len(made) < count:
        template, slots = dice.choice(_TEMPLATES), _slots(dice, names)
        if last is not None and dice.random() < 0.3:
            # a sibling: the same claim with one other value
            template, old = last
            key = dice.choice(sorted(old))
            slots = {**old, key: slots[key]}
        last = template, slots
        text = template.format(**slots)
        text = text[:1].upper() + text[1:]
        if text in seen:
            continue
        seen.add(text)
        code = f"SYN-{len(made):05}"
        other = text.rstrip(".").replace(" compared with ", " vs. ")
        variations = (f"{other} (see label)",) if dice.random() < 0.5 else ()
        made.append(ClaimText(code, text, variations, population=str(slots["pop"])))
    return made


def texts(library: list[ClaimText], *, words: int, count: int, seed: int = 7) -> Iterator[str]:
    """Texts of about ``words`` words: claims as approved, altered ones, neutral sentences."""
    dice = random.Random(seed)
    for _ in range(count):
        lines: list[str] = ["# A brief for the committee", ""]
        length = 0
        while length < words:
            claim = dice.choice(library)
            draw = dice.random()
            if draw < 0.35:
                line = claim.text
            elif draw < 0.6:
                line = _altered(dice, claim.text)
            else:
                line = dice.choice(_NEUTRAL)
            length += len(line.split())
            lines.append(line if dice.random() < 0.7 else line + "\n")
        yield "\n".join(lines)


def _altered(dice: random.Random, text: str) -> str:
    """Another figure, a word left out, or a word put in."""
    parts = text.split()
    at = dice.randrange(1, len(parts) - 1)
    draw = dice.random()
    if draw < 0.4:
        return "".join(str((int(c) + 3) % 10) if c.isdigit() else c for c in text)
    if draw < 0.7:
        return " ".join(parts[:at] + parts[at + 1 :])
    return " ".join([*parts[:at], "remarkably", *parts[at:]])
