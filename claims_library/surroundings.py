"""What may stand around an approved wording in its sentence without changing it.

Only what is listed: connectives, pointers to tables and pages, names of sections. Everything else
around a wording is judged as words added to it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from claims_library import strength
from claims_library.wordlists import words as listed_words

_N = r"(?:\d+(?:\.\d+)?[a-z]?|[ivx]{1,4}|[a-z])"
_PLACE = (
    r"(?:the )?(?:table|figure|fig \.|section|page|slide|appendix|footnote|reference|chart|graph|"
    r"panel|exhibit|note|box|part|chapter)s?"
)
_DOCUMENT = (
    r"(?:the )?(?:full |approved |us |uk |eu )?(?:prescribing information|product label|label|"
    r"labeling|labelling|package insert|pi|uspi|spc|smpc|summary of product characteristics|"
    r"product information|product monograph|key facts|important safety information)"
)
_WHERE = r"(?:above|below|here|overleaf|opposite|on the next page|on the following page)"
_POINTER = (
    r"(?:see |see also |refer to |please see |cf \. |as shown in |as seen in |shown in |"
    r"as described in |as stated in |as noted in |as listed in |as given in |as summari[sz]ed in |"
    r"as reported in |from |in |per |according to |as per )?"
)
_AT = rf"(?:{_PLACE} {_N}(?: (?:and|-|to|,) {_N})?|{_PLACE} {_WHERE}|{_DOCUMENT}|{_WHERE})"
_LEADS = re.compile(
    rf"(?:{_POINTER}{_AT} ?[,:-]? ?"
    r"|(?:please )?(?:note|remember|recall|be aware|keep in mind) that "
    r"|(?:please )?(?:note|remember) ?[:,] ?"
    r"|(?:the label|the prescribing information|the package insert|our label) "
    r"(?:states|says|reads|notes|tells us)(?: that| :| ,)? ?"
    r"|as (?:shown|described|stated|noted|listed|approved|labell?ed|a reminder|"
    rf"mentioned)(?: {_WHERE})? ?[,:] ?"
    r"|(?:in addition|also|in summary|to summari[sz]e|in short|in brief|furthermore|moreover|"
    r"additionally|finally|lastly|firstly|secondly|thirdly|likewise|again|next|and|in conclusion|"
    r"first|second|third|to recap|in the label|per label|for reference|for your reference|"
    r"for completeness|for information|of note) ?[,:-] ?"
    r"|(?:and|also) "
    r"|(?:dear|hello) (?:[a-z'-]+ (?:\. )?){1,5}, ?"
    r"|[-*>#(\[\"'] ?"
    r"|\d{1,2} ?[.)] )"
)
_TRAILS = re.compile(
    rf" ?(?:[(\[,;-] ?(?:please )?{_POINTER}{_AT} ?[)\]]?"
    rf"|[(\[] ?(?:ref|reference|references|refs)(?: \.)? {_N}(?: ?[,-] ?{_N})* ?[)\]]"
    r"|[(\[] ?(?:label|data on file|pi|uspi|prescribing information) ?[)\]]"
    r"|as (?:shown|described|stated|noted|listed) (?:above|below|here|earlier)"
    rf"|(?:see|refer to) {_AT}"
    r"|\. \d{1,2}(?: ?[,-] ?\d{1,2}){0,8}(?= |$)"
    r"|\. ?\( ?\d{1,2}(?: ?[,-] ?\d{1,2}){0,8} ?\)(?= ?$)"
    r"|[.)\]\"';:,]"
    r")"
)
_BETWEEN = frozenset(["and", ";", ",", ".", ":", "-", "also", "(", ")", "/", "•"])
_TOPICS = listed_words(
    """
    dosing dose dosage administration efficacy safety tolerability indication indications
    indicated mechanism action moa overview summary results result data study studies trial
    trials design endpoint endpoints outcome outcomes warning warnings precaution precautions
    contraindication contraindications interaction interactions monitoring storage supply
    how supplied access background key points point message messages facts fact highlights
    highlight information important patient patients selection testing biomarker use uses of and
    the for in population populations specific special primary secondary overall survival
    progression-free progression free os pfs dfs orr response rate adverse reactions reaction
    events event approved label claim claims recommended reminder note about product
    read out quote cite q a answer clinical evidence reference conclusion description
    changes to treatment
    """
)
_TELLING = strength.LIMITS | strength.NEGATORS | strength.BOOSTERS


def neutral_before(words: Sequence[str], names: Collection[str], own: Collection[str] = ()) -> bool:
    """Whether words before a wording are a mere lead-in (``As shown in Table 2,``, ``Dosing:``).

    Args:
        words: what stands between the sentence's begin and the wording.
        names: the product's names.
        own: the wording's words, of which a label with a colon may be made.
    """
    rest = " ".join(words) + " "
    if len(rest) > 200:
        return False
    while rest.strip():
        match = _LEADS.match(rest)
        if match is None or not match.end():
            return _topic(rest.split(), names, own)
        rest = rest[match.end() :].lstrip()
    return True


def neutral_after(words: Sequence[str]) -> bool:
    """Whether words after a wording are a mere pointer (``(see Table 2)``) or a sentence's end."""
    rest = " ".join(words)
    if len(rest) > 200:
        return False
    while rest:
        match = _TRAILS.match(rest)
        if match is None or not match.end():
            return False
        rest = rest[match.end() :].lstrip()
    return True


def neutral_between(words: Sequence[str]) -> bool:
    """Whether words between two wordings only join them."""
    return all(word in _BETWEEN for word in words) or (
        neutral_after(words) or neutral_before(words, ())
    )


def is_clause(words: Sequence[str], *, after: bool) -> bool:
    """Whether words beside a wording are a clause set off from it by a sign or ``and``.

    Args:
        words: the words between the wording and the sentence's end or the next wording.
        after: whether a wording stands before them; otherwise one follows.
    """
    if not words or any(word in strength.TURNING for word in words):
        return False
    edge = words[0] if after else words[-1]
    return edge in {",", ";", "and", "(", ":", "-", "while", "whereas"}


def _topic(words: Sequence[str], names: Collection[str], own: Collection[str]) -> bool:
    """A label with a colon made of section words, the product's names, the wording's words."""
    return (
        words[-1] in {":", "-"}
        and 1 < len(words) <= 12
        and all(
            word in _TOPICS
            or word in names
            or word in {"-", "/", "&", "(", ")", ","}
            or (word in own and word.isalpha() and word not in _TELLING)
            for word in words[:-1]
        )
    )
