"""The words of the filled library: invented brands, plain sentences that claim nothing."""

from __future__ import annotations

from random import Random

# brand, established name, prefix of its codes
BRANDS = (
    ("VELORISTA", "velotinib", "VEL"),
    ("TAMIQUELLA", "tamitinib", "TAM"),
    ("ONCAVERRA", "oncatinib", "ONC"),
    ("BRELINTOR", "brelitinib", "BRE"),
    ("CORVANESSE", "corvatinib", "COR"),
    ("ZEFIROLAN", "zefitinib", "ZEF"),
)
TOPICS = (
    *("order sets", "pathway review", "formulary files", "dose scheduling", "patient education"),
    *("chair time", "pharmacy workload", "storage and handling", "prior authorization"),
    *("benefit verification", "discharge planning", "care coordination", "monitoring visits"),
    *("laboratory follow-up", "reporting of adverse events", "staff training", "test ordering"),
    *("budget planning", "tumor board meetings", "medication reconciliation", "infusion rooms"),
    *("multidisciplinary rounds", "electronic records", "inventory counts", "specialty pharmacy"),
)
PEOPLE = (
    *("pharmacists", "nurses", "site leaders", "coordinators", "medical directors"),
    *("case managers", "formulary committees", "research staff", "patient navigators"),
)
ACTS = ("review", "discuss", "prepare", "document", "plan", "revisit", "compare", "organize")
TIMES = (
    *("before the first visit", "at each scheduled visit", "during the quarterly meeting"),
    *("once the checklist is agreed", "with the local policy at hand", "after the committee met"),
    *("when the record is opened", "as part of the site's own procedure"),
)
ENDS = (
    "Questions beyond the Prescribing Information are passed to Medical Information.",
    "The team keeps its own notes and decides on its own procedures.",
    "Each site names one contact person and one deputy.",
    "The coordinator confirms the date and sends the agenda.",
)
NUMBERS = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight")
QUERIES = (
    *("chair time nurses", "pharmacy workload", "order sets pathway", "storage handling"),
    *("prior authorization coordinators", "discharge planning", "VELORISTA staff training"),
    *("monitoring visits checklist", "laboratory follow-up", "formulary committees budget"),
    *("tumor board meetings", "adverse events reporting", "infusion rooms inventory"),
    *("benefit verification deputy", "test ordering record", "response rate patients"),
)


def title(random: Random, number: int) -> str:
    """A title of its own."""
    first, second = random.sample(TOPICS, 2)
    who = random.choice(PEOPLE)
    return f"{first.capitalize()} and {second} for {who}, sheet {number}"


def sentence(random: Random) -> str:
    """A sentence about work at a site, without a statement about any product."""
    who, act, topic, when = (random.choice(words) for words in (PEOPLE, ACTS, TOPICS, TIMES))
    other = random.choice(TOPICS)
    return f"{who.capitalize()} {act} {topic} and {other} {when}."


def body(random: Random, claims: list[str]) -> str:
    """About 120 words in paragraphs; each claim stands in a paragraph of its own."""
    parts = [f"## {random.choice(TOPICS).capitalize()}"]
    for code in claims:
        parts += [f"[[claim:{code}]]", paragraph(random, 2)]
    parts.append(f"{paragraph(random, 3)} {random.choice(ENDS)}")
    return "\n\n".join(parts)


def paragraph(random: Random, sentences: int) -> str:
    return " ".join(sentence(random) for _ in range(sentences))
