"""The label's indications as uses: what the product may be promoted for, axis by axis.

Parsed once for a library from the pinned label version: every use with the words it stands in, the
partners of a combination that the label names or forbids, and the words of the rest of the label.
R-106, R-201, R-903.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from claims_library.detectors.reading import Line
from claims_library.detectors.uses import GENERIC_HEADS, Use, UseReader, head_of
from claims_library.label_document import LabelDocument, LabelSection

INDICATIONS = "indications_and_usage"
STUDIES = "clinical_studies"
_WORD = re.compile(r"[a-z][a-z0-9']+|\d+")
_BREAKS = re.compile(
    r"\(\s*\d+(?:\.\d+)?(?:\s*,\s*\d+(?:\.\d+)?)*\s*\)|;|•|\n|\[see [^\]]*\]", re.IGNORECASE
)
_FULL_STOP = re.compile(r"(?<=[a-z)\]])\.\s+(?=[A-Z])")
_DENIED = re.compile(
    r"not (?:indicated|recommended|approved)|have not been established|has not been (?:studied|"
    r"established)|limitations? of use|should not be used|avoid ",
    re.IGNORECASE,
)
_HEADED = re.compile(
    r":\s*(?=(?:\(?\w\)?\s)?(?:an?|the|as|for|in|to|treat|reduc|adjunct|first|adult|pediatric))",
    re.IGNORECASE,
)
_FORBIDDEN = re.compile(
    r"not (?:indicated|recommended) for (?:concomitant use|use in combination|combination|"
    r"use|concurrent use) with ([^.;(\[]{3,80})|"
    r"not recommended in combination with ([^.;(\[]{3,80})|"
    r"(?:combination|concomitant use|concurrent use|use) of (?:\w+[ ®]){1,4}(?:and|with) "
    r"([^.;(\[]{3,60}?) is (?:not recommended|contraindicated)",
    re.IGNORECASE,
)
_NOT_FOR = re.compile(
    r"not (?:indicated|approved) (?:for|in) ((?:the treatment of |use (?:in|by) )?[^.;•]{4,90})",
    re.IGNORECASE,
)
_AS_NEEDED = re.compile(
    r"not indicated as an? as[- ]needed|not for as[- ]needed use", re.IGNORECASE
)
_SHORT = re.compile(r"((?:[A-Za-z'’-]+ ){1,6}[A-Za-z'’-]+) \(([A-Za-z]?[A-Z][A-Za-z]{1,6})\)")
_NO_SHORT = frozenset(["as", "or", "in", "is", "it"])
_UNESTABLISHED = re.compile(
    r"safety and (?:effectiveness|efficacy)[^.]{0,80}(?:pediatric|children)[^.]{0,60}"
    r"(?:not been established|have not)|not indicated for (?:use in )?(?:pediatric|children)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Indications:
    """What the label allows: ``uses``, and facts about the rest of the label.

    ``partners`` are medicines the label names beside the product in its studies or dosage,
    ``forbidden`` those it advises against; ``indication_words`` and ``label_words`` are the words
    of the indications and of the whole label; ``studies`` the text of the clinical studies.
    ``excluded`` are diseases and populations that the label says it is not for, ``regular_only``
    whether it is not to be taken as needed, ``topics`` the diseases that head its indications.
    """

    uses: tuple[Use, ...]
    partners: frozenset[str] = frozenset()
    forbidden: frozenset[str] = frozenset()
    indication_words: frozenset[str] = frozenset()
    label_words: frozenset[str] = frozenset()
    studies: str = ""
    adults_only: bool = False
    excluded: frozenset[str] = frozenset()
    regular_only: bool = False
    topics: frozenset[str] = frozenset()

    @property
    def known(self) -> bool:
        """Whether the label has indications that could be read."""
        return bool(self.uses)


def parse(
    label: LabelDocument | None,
    reader: UseReader,
    line_of: Callable[[str], Iterable[Line]],
    names: Iterable[str],
) -> Indications:
    """Read the indications of a label.

    Args:
        label: the pinned label version, or None.
        reader: reads uses from lines.
        line_of: cuts a text into the lines that the judges read.
        names: brand and established name, for the partners named beside them.
    """
    if label is None:
        return Indications(())
    own = label.parts_of(INDICATIONS, "")
    reader.short.update(_abbreviations(own, reader, line_of))
    uses = [
        reader.read(line)
        for text in statements(_told(own))
        for line in line_of(text)
        if len(line.words) > 3
    ]
    uses = [use for use in uses if "indicated" in use.words] or uses
    uses = [_targets(use) for use in uses]
    uses = [use for use in uses if use.diseases] or uses
    whole = "\n".join(section.text for section in label.sections)
    studies = _text(label, STUDIES)
    around = "\n".join(
        (_text(label, INDICATIONS), studies, _text(label, "dosage_and_administration"))
    )
    return Indications(
        uses=tuple(_with_members(use, reader) for use in uses),
        partners=_beside(around, names),
        forbidden=_forbidden(whole),
        indication_words=frozenset(_WORD.findall("\n".join(statements(own)).lower())),
        label_words=frozenset(_WORD.findall(whole.lower())),
        studies=studies.lower(),
        adults_only=_UNESTABLISHED.search(whole) is not None,
        excluded=_excluded(whole, uses, reader, line_of),
        topics=frozenset(
            disease.head
            for section in own
            for line in line_of(section.title)
            for disease in reader.read(line).diseases
            if disease.head not in GENERIC_HEADS and disease.head != "cancer"
        ),
        regular_only=_AS_NEEDED.search(whole) is not None,
    )


def _excluded(
    text: str, uses: Sequence[Use], reader: UseReader, line_of: Callable[[str], Iterable[Line]]
) -> frozenset[str]:
    """Diseases and populations of which the label says that the product is not for them."""
    found: set[str] = set()
    for match in _NOT_FOR.finditer(text):
        for line in line_of(match[1]):
            use = reader.read(line)
            found.update(disease.head for disease in use.diseases)
            found |= use.values("population")
    own = {disease.head for use in uses for disease in use.diseases}
    return frozenset(found - own - GENERIC_HEADS)


def _told(sections: Sequence[LabelSection]) -> Sequence[LabelSection]:
    """The numbered subsections if there are any: the section itself then repeats them in short."""
    below = [section for section in sections if "." in section.number]
    return below or sections


def _abbreviations(
    sections: Sequence[LabelSection], reader: UseReader, line_of: Callable[[str], Iterable[Line]]
) -> dict[str, tuple[str, frozenset[str]]]:
    """Short forms of diseases that the indications introduce (``ankylosing spondylitis (AS)``)."""
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for match in _SHORT.finditer("\n".join(section.text for section in sections)):
        for line in line_of(match[1]):
            diseases = reader.read(line).diseases
            if diseases and diseases[-1].end == len(line.words):
                found[match[2].lower()] = (diseases[-1].head, diseases[-1].types)
    return {short: d for short, d in found.items() if short not in _NO_SHORT}


def statements(sections: Iterable[LabelSection]) -> list[str]:
    """The single uses of the indications, each with the words that lead it in."""
    found: dict[str, None] = {}
    for section in sections:
        head = ""
        for paragraph in section.paragraphs[1 if section.title else 0 :]:
            text = " ".join(paragraph.split())
            if text.endswith(":") and "indicated" in text:
                head = text[:-1]
                continue
            for sentence in _FULL_STOP.split(text):
                for part in _parts(sentence):
                    found.setdefault(f"{head} {part}".strip() if head else part)
            if not text.startswith("•") and "indicated" in text:
                head = ""
    return [text for text in found if not _DENIED.search(text)]


def _parts(sentence: str) -> list[str]:
    """A sentence of the indications cut at its items, each with the lead-in of all."""
    cut = _HEADED.split(sentence, maxsplit=1)
    pieces = [piece.strip(" .,•") for piece in _BREAKS.split(cut[-1])]
    pieces = [re.sub(r"^(?:or|and)\s+", "", piece) for piece in pieces]
    pieces = [piece for piece in pieces if len(piece) > 3]
    if len(cut) == 1:
        return pieces
    lead = cut[0].strip()
    return [f"{lead} {piece}" for piece in pieces]


def _targets(use: Use) -> Use:
    """A use without the diseases that only say who has the risk that is reduced."""
    if "risk" not in use.words:
        return use
    low = use.text.lower()
    at = max(low.find("risk of"), low.find("risk for"))
    heads = set(_WORD.findall(low[at:])) if at >= 0 else set()
    kept = tuple(d for d in use.diseases if any(head_of(word) == d.head for word in heads))
    return replace(use, diseases=kept) if kept else use


def _with_members(use: Use, reader: UseReader) -> Use:
    """A use whose partner is a class, with the members of the class."""
    partners = set(use.values("combination"))
    text = use.text.lower()
    for group, members in reader.members.items():
        if group in partners or (group in text and group.split()[0] in partners):
            partners |= {*members, group, *group.split()}
    return Use(
        use.facts,
        use.ages,
        use.diseases,
        use.words,
        use.text,
        {**use.by_axis, "combination": frozenset(partners)},
    )


def _text(label: LabelDocument, name: str) -> str:
    return "\n".join(section.text for section in label.parts_of(name, ""))


def _beside(text: str, names: Iterable[str]) -> frozenset[str]:
    """Words that stand right after ``PRODUCT plus`` and the like."""
    found: set[str] = set()
    joined = "|".join(re.escape(name.lower()) for name in names if name)
    if not joined:
        return frozenset()
    beside = re.compile(
        rf"(?:{joined})[®™\s]*(?:\d+ ?mg )?(?:plus|with|and|in combination with|added to|combined "
        r"with|given with|as add-on to|on a background of) ((?:[\w-]+[ ,/]*){1,5})"
    )
    given = re.compile(
        r"(?:given|taken|add-on|adjunct|background|stable doses?|in combination) "
        r"(?:with|to|of) "
        r"((?:[\w-]+[ ,/]*){1,5})"
    )
    low = text.lower()
    for match in (*beside.finditer(low), *given.finditer(low)):
        found.update(word.rstrip("s") for word in _WORD.findall(match[1]))
    return frozenset(found - {"a", "an", "the", "or", "and", "in", "of", "to", "placebo", "food"})


def _forbidden(text: str) -> frozenset[str]:
    found: set[str] = set()
    for match in _FORBIDDEN.finditer(text):
        found.update(_WORD.findall((match[1] or match[2] or match[3] or "").lower()))
    return frozenset(word for word in found if len(word) > 4)
