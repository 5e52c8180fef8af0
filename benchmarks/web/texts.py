"""The words of the filled library: invented brands, plain sentences that claim nothing."""

from __future__ import annotations

from collections.abc import Sequence
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
# a product of the size at which checking a text has to be quick
OF_MANY_CLAIMS = ("MERIDOLAN", "meridotinib", "MER")
TOPICS = (
    *("order sets", "pathway review", "formulary files", "dose scheduling", "patient education"),
    *("chair time", "pharmacy workload", "storage and handling", "prior authorization"),
    *("benefit verification", "discharge planning", "care coordination", "monitoring visits"),
    *("laboratory follow-up", "reporting of adverse reactions", "staff training", "test ordering"),
    *("budget impact planning", "tumor board meetings", "medication reconciliation"),
    *("infusion rooms", "electronic records", "inventory counts", "specialty pharmacy"),
    *("quality of life questionnaires", "the monitoring schedule", "first dose visits"),
    *("patient selection rounds", "progression notes", "evidence review", "adherence calls"),
    *("records of dose interruptions", "care setting visits", "outcomes meetings"),
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


def title(random: Random, number: int) -> str:
    """A title of its own."""
    first, second = random.sample(TOPICS, 2)
    who = random.choice(PEOPLE)
    return f"{first.capitalize()} and {second} for {who}, sheet {number}"


def sentence(random: Random, topics: Sequence[str]) -> str:
    """A sentence about work at a site, without a statement about any product."""
    who, act, when = (random.choice(words) for words in (PEOPLE, ACTS, TIMES))
    topic, other = random.sample(topics, 2)
    return f"{who.capitalize()} {act} {topic} and {other} {when}."


def body(random: Random, claims: Sequence[str]) -> str:
    """About 120 words in paragraphs on a few topics; each claim in a paragraph of its own."""
    topics = random.sample(TOPICS, 3)
    parts = [f"## {topics[0].capitalize()}"]
    for code in claims:
        parts += [f"[[claim:{code}]]", paragraph(random, topics, 2)]
    parts.append(f"{paragraph(random, topics, 3)} {random.choice(ENDS)}")
    return "\n\n".join(parts)


def paragraph(random: Random, topics: Sequence[str], sentences: int) -> str:
    return " ".join(sentence(random, topics) for _ in range(sentences))
