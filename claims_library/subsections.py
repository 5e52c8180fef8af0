"""Cut the running text of a label section into its numbered subsections and paragraphs.

openFDA gives each section as one string without line breaks, so headings have to be told from
cross references ("see Clinical Studies (14.1)"), doses ("2.4 mg/kg") and table cells
("14.7 (11.3, 19.5)") by what stands around a number and by the sequence the numbers make.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from claims_library.section_names import BY_NAME, SECTION_NAMES

_HEAD = re.compile(r"\s*(\d{1,2}(?:\.\d{1,2})*)\s+(?=\S)")
_CANDIDATE = re.compile(r"(?<![^\s\]).])(\d{1,2})\.(\d{1,2})[ \t]+(?=[A-Z“\"])")
_SMALL_WORDS = frozenset(
    [
        "a",
        "after",
        "an",
        "and",
        "as",
        "at",
        "before",
        "by",
        "due",
        "during",
        "for",
        "from",
        "in",
        "into",
        "of",
        "on",
        "or",
        "per",
        "the",
        "to",
        "via",
        "vs",
        "when",
        "with",
        "without",
    ]
)
# a heading in title case has none of these with a capital: they begin its first sentence
_OPENERS = frozenset(
    [
        "A",
        "Administer",
        "Advise",
        "An",
        "Assess",
        "Avoid",
        "Based",
        "Because",
        "Conduct",
        "Discontinue",
        "Do",
        "For",
        "If",
        "In",
        "It",
        "Monitor",
        "No",
        "Perform",
        "See",
        "Select",
        "Store",
        "Table",
        "Take",
        "The",
        "There",
        "These",
        "This",
        "When",
    ]
)
_TITLES = {section.number: section.title for section in SECTION_NAMES if "." in section.number}
_USUAL_TITLES = (
    *_TITLES.values(),
    "Clinical Trials Experience",
    "Clinical Trial Experience",
    "Clinical Studies Experience",
    "Postmarketing Experience",
    "Post-Marketing Experience",
    "Immunogenicity",
    "Nursing Mothers",
    "Renal Impairment",
    "Hepatic Impairment",
    "How Supplied",
    "Storage and Handling",
    "Limitations of Use",
    "Lactation",
    "Females and Males of Reproductive Potential",
)
_UNTITLED = frozenset({"spl_product_data_elements", "spl_unclassified_section"})
_MAX_TITLE_WORDS = 24
_PARAGRAPH = 700


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a section: its number and title (both may be empty) and its paragraphs."""

    number: str
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Heading:
    start: int
    end: int
    step: int
    worth: float


def split_section(text: str, *, name: str) -> tuple[Piece, ...]:
    """Cut one section's text; the first piece is the section itself up to its first subsection.

    Args:
        text: the section, its number and title in front.
        name: its openFDA name, which tells the standard title.
    """
    match = _HEAD.match(text)
    number = match.group(1) if match else ""
    body = match.end() if match else 0
    whole = bool(number) and "." not in number
    headings = _choose(_candidates(text, body, int(number))) if whole else []
    bounds = [*(heading.start for heading in headings), len(text)]
    pieces = [_piece(text[: bounds[0]], number, body, name)]
    for heading, end in zip(headings, bounds[1:], strict=True):
        part = text[heading.start : end]
        pieces.append(_piece(part, f"{number}.{heading.step}", heading.end - heading.start, ""))
    return tuple(pieces)


def _candidates(text: str, start: int, main: int) -> list[_Heading]:
    found = []
    brackets = _bracket_depths(text)
    for match in _CANDIDATE.finditer(text, start):
        if int(match.group(1)) != main or brackets[match.start()]:
            continue
        step = int(match.group(2))
        if match.group(2) == str(step) and step:
            worth = _worth(text, match.start(), match.end(), f"{main}.{step}")
            found.append(_Heading(match.start(), match.end(), step, worth))
    return found


def _bracket_depths(text: str) -> bytearray:
    """Say for each character whether it stands inside brackets that close within 400 characters."""
    inside = bytearray(len(text) + 1)
    for match in re.finditer(r"\([^()]{0,400}\)|\[[^\[\]]{0,400}\]", text):
        inside[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
    return inside


def _worth(text: str, start: int, end: int, number: str) -> float:
    """How much a number looks like a heading, by what stands before and after it."""
    worth = 1.0
    before = text[:start].rstrip()[-1:]
    if before in {"", ".", "]", ")", ":", "•"}:
        worth += 1.0
    elif before.isdigit() or before in {",", "–", "-", "±"}:
        worth -= 0.5
    after = text[end : end + 200]
    if number in _TITLES and after.lower().startswith(_TITLES[number].lower()[:10]):
        worth += 2.0
    if after.startswith(_USUAL_TITLES):
        worth += 1.0
    words = after.split()[:2]
    if len(words) == 2 and (words[1][:1].isupper() or words[1] in _SMALL_WORDS):
        worth += 0.5
    return worth


def _choose(candidates: list[_Heading]) -> list[_Heading]:
    """Take the rising sequence of headings that is worth most; a skipped number costs."""
    best: list[tuple[float, int]] = []
    for i, heading in enumerate(candidates):
        options = [(heading.worth - 0.6 * (heading.step - 1), -1)]
        for j, earlier in enumerate(candidates[:i]):
            if earlier.step < heading.step:
                gap = heading.step - earlier.step - 1
                options.append((best[j][0] + heading.worth - 0.6 * gap, j))
        best.append(max(options))
    at = max(range(len(best)), key=lambda i: best[i][0], default=-1)
    if at < 0 or best[at][0] <= 0:
        return []
    chosen = []
    while at >= 0:
        chosen.append(candidates[at])
        at = best[at][1]
    return chosen[::-1]


def _piece(text: str, number: str, body: int, name: str) -> Piece:
    """Make a piece of its text, of which ``body`` is where the title begins."""
    length = _title_length(text[body:], name)
    title = text[body : body + length].strip(" :")
    heading = " ".join(text[: body + length].split())
    rest = split_paragraphs(text[body + length :])
    return Piece(number, title, (heading, *rest) if heading else rest)


def _title_length(text: str, name: str) -> int:
    """Guess where a heading ends and the running text begins."""
    if name:
        return _main_title_length(text, name)
    usual = max((t for t in _USUAL_TITLES if text.startswith(t + " ")), key=len, default="")
    if usual:
        return len(usual)
    ends = [0]
    capitals: list[int] = []
    for match in re.finditer(r"\S+", text):
        word = match.group().strip("()[],;:®™")
        if len(capitals) >= _MAX_TITLE_WORDS or (capitals and word in _OPENERS):
            break
        if word[:1].isupper() or word[:1].isdigit():
            capitals.append(ends[-1])
        elif any(c.isalnum() for c in word) and word not in _SMALL_WORDS:
            # the word before the first plain one begins the sentence: "… Disease Patients may"
            return capitals[-1] if len(capitals) > 1 else ends[-1]
        ends.append(match.end())
    return ends[-1]


def _main_title_length(text: str, name: str) -> int:
    """Where the title of a whole section ends: its standard title, or its capitals."""
    if name in _UNTITLED:
        return 0
    known = BY_NAME.get(name)
    wanted = [known.title] if known else []
    wanted += ["Warnings and Cautions", "How Supplied", "Indications & Usage"]
    for title in wanted:
        pattern = re.compile(
            r"[\s/&]+".join(map(re.escape, re.split(r"[\s/&]+", title))), re.IGNORECASE
        )
        match = pattern.match(text)
        if match:
            return match.end()
    capitals = re.match(r"(?:[A-Z][A-Z,:/&()-]+(?: |$)|AND |OR |OF |IN ){2,40}", text)
    return len(capitals.group().rstrip()) if capitals else 0


def split_paragraphs(text: str) -> tuple[str, ...]:
    """Cut running text at line breaks, bullets and captions, and long runs at sentence ends.

    Nothing is lost but white space: the paragraphs joined by spaces are the text.
    """
    paragraphs: list[str] = []
    for line in text.splitlines():
        for run in re.split(r"\s(?=•\s|Table \d+[:.] |Figure \d+[:.] )", line):
            paragraphs.extend(_cut_long(" ".join(run.split())))
    return tuple(p for p in paragraphs if p)


def _cut_long(text: str) -> list[str]:
    if len(text) <= _PARAGRAPH:
        return [text]
    parts, start = [], 0
    for match in re.finditer(r"(?<=[a-z\])%][.])\s(?=[A-Z])", text):
        if match.start() - start >= _PARAGRAPH // 2:
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]
