"""Sentences of which a paper is the subject, and those that say what a term means.

``The sheet on infusion reactions is being translated`` is about the sheet, and ``Overall survival
is the time from randomization to death`` about the term. What either says of the product beside
that counts again: a judgement, an effect, a figure, or a clause with ``that``.
"""

from __future__ import annotations

from claims_library.detectors import kinds
from claims_library.detectors.clearing import states
from claims_library.detectors.patterns import Hit
from claims_library.detectors.reading import Line
from claims_library.wordlists import words

PAPERS = words(
    """
    sheet sheets card cards slide slides deck decks brief briefs email emails e-mail summary banner
    banners page pages table tables figure figures label labels document documents module modules
    leaflet leaflets brochure brochures poster posters headline headlines footer header checklist
    checklists dossier guide guides handout handouts form forms memo video recording translation
    artwork image chart charts graphic caption appendix section sections footnote footnotes binder
    glossary newsletter warning worksheet template agenda presentation logo monograph
    """
)
_ENDS = words(
    """
    on about of for with in at to from is are was were be been has have had can could may might will
    would shall should must does do did that which shows show lists list contains contain carries
    covers cover explains explain gives give names includes include holds needs goes comes describes
    """
)
_LONGEST = 8  # words of a subject
_MEANS = words("means mean denotes describes stands refers refer")
_IS = words("is are")
_TERMS = words(
    """
    time interval measure measures effect effects test tests questionnaire scale warning warnings
    situation situations term terms name proportion percentage share number period instrument method
    ratio difference group set category concept
    """
)
_STATING = ("evaluative", "effect", "pct")
_TELLING = words(
    """
    that as no not without never none few most half all every everyone nobody rare rarely seldom
    """
)
_OF_MEDICINE = ("treatment", "drug", "outcome", "safety", "disease")
_POINTING = words("this these the our")
_ARTICLES = words("a an the any")


def is_of_papers(line: Line) -> bool:
    """Whether a paper is the subject, and nothing is said of what the product does."""
    if any(line.has(name) for name in _STATING) or not _TELLING.isdisjoint(line.words):
        return False
    end = next((at for at, word in enumerate(line.words) if word in _ENDS), 0)
    if line.words[0] in _POINTING and line.words[1:2] and line.words[1] in PAPERS:
        end = 2
    return 0 < end <= _LONGEST and line.words[end - 1] in PAPERS


def explains_term(line: Line, strong: list[Hit]) -> bool:
    """Whether it says what a term means, of no product and without a figure."""
    if any(line.has(name) for name in ("product", "drug", "evaluative", "pct", "num")):
        return False
    if any(hit.kind in kinds.TELLING or states(line, hit) for hit in strong):
        return False
    for at in range(1, min(len(line.words) - 2, _LONGEST)):
        if line.words[at] in _MEANS:
            told = line.words[at + 1] in {"that", "to", "for", "a", "the", "how", "who"}
            return told and not strong and not _is_clinical(line, at)
        if line.words[at] in _IS:
            said = line.words[at + 1 : at + 4]
            return said[0] in _ARTICLES | _TERMS and not _TERMS.isdisjoint(said)
    return False


def _is_clinical(line: Line, end: int) -> bool:
    return any(not line.classes[at].isdisjoint(_OF_MEDICINE) for at in range(end))
