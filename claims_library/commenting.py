"""Sentences that speak of the statement before them, and so change what it is taken for.

``This was shown in mice.``, ``Experts doubt it.``, ``There are exceptions.``, ``Nope.`` They make
no claim themselves, and no word of them says *false*; what they do is point back. Pointing back is
recognised by its grammar (a demonstrative without a noun, or with a noun for a statement; an answer
of a word or two; a contrast), and only what is listed may be said of a statement in that way:
where it is printed, when it is discussed, what to read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from claims_library.quantities import NUMBER_WORDS
from claims_library.stems import STOP
from claims_library.wordlists import words as listed_words

_LONGEST, _SHORT = 22, 12  # words
_NEAR_THE_BEGIN = 3
_POINTING = listed_words("this that these those")
_VERBS = listed_words(
    """
    is are was were isn't aren't wasn't weren't be has have had hasn't haven't does do did doesn't
    don't didn't may might can could will would shall should must won't can't cannot applies apply
    applied holds hold held comes come came seems seem seemed sounds sound looks look means mean
    meant goes needs need concerns concern refers refer changes changed depends depend assumes
    """
)
_STATEMENTS = listed_words(
    """
    statement statements sentence sentences claim claims wording advice warning warnings precaution
    precautions recommendation recommendations figure figures number numbers result results finding
    findings data value values rate rates percentage percentages limit limits limitation limitations
    rule rules restriction restrictions point line paragraph text quote quotation assertion fact
    facts conclusion instruction instructions guidance information evidence
    """
)
_BEFORE_POINTING = listed_words("of least and but because so now all well or since again , - (")
_AFTER_POINTING = listed_words(
    "anyway anyhow regardless literally seriously either again before too instead as . ! ? ) ; ,"
)
_BACK = listed_words("above preceding previous foregoing")
# what may be said of a statement: where it stands, who speaks of it and when, what to read
_ALLOWED = (
    STOP
    | _STATEMENTS
    | listed_words(
        """
        table tables chart charts graph page pages slide slides section sections appendix footnote
        footnotes reference references module modules document documents brief deck brochure leaflet
        handout material materials label labeling labelling prescribing package insert full complete
        please see read refer consult review reviewed reviews reviewing discuss discussed discusses
        discussion discussing talk explain explained explains describe described describes detail
        details detailed show shown shows print printed list listed lists summarize summarized
        summary present presented presents presentation include included includes including
        enclosed attached
        provided provide provides given found taken cover covered covers report reported published
        following next above below here overleaf further more additional approved wording source
        sources topic topics subject meeting meetings visit call agenda item items question
        questions answer answers team committee pharmacy pharmacists pharmacist physicians physician
        clinicians nurses staff colleagues you your we our us together today tomorrow monday tuesday
        wednesday thursday friday minute minutes week month first second third last also
        background context overview use used intended healthcare professionals replace replaces
        substitute update updated version date dated part whole copy copies send sent share shared
        bring bringing written basis base based let know may might can could will
        would should must shall come comes came take takes need needs know knows ask asks asked
        decide decides record records note notes noted document documented documents chart charts
        handle handles manage workflow checklist protocol protocols order orders set site sites
        center centers centre centres hospital hospitals clinic nurse office local each every per
        part where when how who what which whether why role step steps add adds adding however
        nevertheless nonetheless even so that said ready available contact help support board
        medical minutes hour hours now later ahead before after prepared prepare prepares useful
        interest interested mean means look looks feel free concludes concern concerns concerned
        place
        """
    )
)
_SAYING = listed_words(
    """
    described shown printed discussed presented reviewed summarized listed covered explained
    reported published found included enclosed attached detailed
    """
)
_SPOILING = listed_words(
    """
    mouse mice rat rats rabbit rabbits dog dogs monkey monkeys animal animals vitro cell cells only
    not no never another other others elsewhere different wrongly incorrectly once previously
    formerly solely just mistake error healthy
    """
)
_ANSWERS = listed_words(
    """
    no nope nah not never hardly scarcely lol haha ha hmm sic yeah right sure well bogus kidding
    joke joking oops whatever wrong false untrue incorrect nonsense rubbish doubtful questionable
    disputed debatable
    """
)
_DOUBTING = _ANSWERS - listed_words("right sure well ha yeah whatever")
_APPROVING_SIGNS = frozenset("✓✔✅☑→•·©®™…")
_CONTRAST = re.compile(
    r"(?:nevertheless|nonetheless|however|even so|that said|having said that|in practice|"
    r"in reality|in truth|in real life|but|yet|still|then again|on the other hand|conversely)\b"
)
_SAID_SO = re.compile(
    r"(?:they|people|some|we|others|experts|sales|everyone|critics) "
    r"(?:say|said|claim|claimed|believe|believed|think|thought|hope|hoped|wish|guess|disagree|"
    r"differ|object)(?: so)?(?: [.!?])?$"
)
_ELLIPTIC = re.compile(
    r"(?:^|[\s.…:,])(?:it|they|you|we|this|that|these|those) "
    r"(?:is|are|was|were|does|do|did|can|could|may|should|will|must|has|have)(?: [.!?])?$"
)
_CORRECTING = re.compile(
    r"[(\[]? ?(?:erratum|errata|correction|corrected|corrigendum|typo|misprint|read instead)\b"
    r"|(?:please )?(?:read|delete|insert|replace|change|remove|add|omit)(?: the)?(?: word| words)? "
    r'["\']'
)
_NO_SUBSTITUTE = re.compile(
    r"\b(?:not|never) (?:meant to |intended to )?(?:replace|substitute|a substitute|a replacement|"
    r"include all|contain all|complete)\b"
)
_WISHING = re.compile(r"\b(?:wish|want|like|prefer) to\b")
_EXCEPTIONS = re.compile(
    r"(?:with|there|one|some|a few|several|the|many|exceptions?|but)\b.*?\bexceptions?\b"
    r"|exceptions?\b"
)
_OTHERWISE = re.compile(
    r"\b(?:disagrees?|disagreed|beg to differ|begs to differ)\b"
    r"|\b(?:truth|reality|practice|facts?|data|evidence|results|experience|trials|studies) .*"
    r"\b(?:otherwise|different|differs?|differently)\b"
    r"|^(?:do|say|said|says|do exactly|now do) .*\b(?:opposite|reverse|contrary)\b"
    r"|\b(?:overly|too|unduly|needlessly) (?:cautious|conservative|strict|pessimistic|careful)\b"
)
_FRAGMENT = re.compile(
    r"(?:in|for|with|without|except|excluding|excepting|only|not|no longer|when|if|at|among|after|"
    r"before|during|outside|unless|until|versus|vs|based on|data from|from|under|compared|"
    r"limited to|applies|does not apply|off-label|when taken|provided|assuming)\b"
)
NOTE_SIGNS = "*†‡§¶‖#⁰¹²³⁴⁵⁶⁷⁸⁹"


def answers(words: Sequence[str]) -> bool:
    """Whether a run is a mere answer that doubts (``Nope.``, ``Well, no.``, a cross)."""
    said = [word for word in words if word[0].isalpha()]
    if not said:
        signs = [word for word in words if not word.isascii()]
        return bool(signs) and all(_is_picture(sign) for sign in signs)
    if said[0] in {"a", "answer"} and ":" in words:
        said = said[1:]
    return (
        0 < len(said) <= 3
        and all(word in _ANSWERS for word in said)
        and (any(word in _DOUBTING for word in said) or said == ["yeah", "right"])
        and not any(word[0].isdigit() for word in words)
    )


def _is_picture(sign: str) -> bool:
    return all(char not in _APPROVING_SIGNS and ord(char) > 0x2600 for char in sign)


def comments(words: Sequence[str]) -> bool:
    """Whether a sentence says something of the one before it that is not listed as harmless."""
    text = " ".join(words)
    count = sum(word[0].isalpha() for word in words)
    if not 0 < count <= _LONGEST:
        return False
    if _CORRECTING.match(text) or _OTHERWISE.search(text) or _SAID_SO.search(text):
        return True
    if count <= _SHORT and (_EXCEPTIONS.match(text) or _ELLIPTIC.search(text)):
        return True
    refers = points_back(words) or _CONTRAST.match(text) is not None
    return refers and not _is_harmless(text)


def _is_harmless(text: str) -> bool:
    """Whether what is said of a statement is listed: where it stands, who speaks of it, when."""
    if _NO_SUBSTITUTE.search(text):
        return True
    said = [word for word in _WISHING.sub("to", text).split() if word[0].isalpha()]
    if any(word in _SPOILING for word in said):
        return False
    return any(word in _SAYING for word in said) or all(
        word in _ALLOWED or word in NUMBER_WORDS for word in said
    )


def points_back(words: Sequence[str]) -> bool:
    """Whether words refer to the statement before (``this is``, ``that advice``, ``doubt it``)."""
    return any(
        _points(
            words[at - 1] if at else "", word, words[at + 1] if at + 1 < len(words) else ".", at
        )
        for at, word in enumerate(words)
    )


def _points(before: str, word: str, after: str, at: int) -> bool:
    if word in _POINTING:
        begins = not before or before in _BEFORE_POINTING
        return (
            (after in _STATEMENTS and at <= _NEAR_THE_BEGIN)
            or (after in _VERBS and begins)
            or (bool(before) and after in _AFTER_POINTING and before not in {"than", "of"})
        )
    if word == "it":
        return 0 < at <= 2 * _NEAR_THE_BEGIN and after in _AFTER_POINTING
    return word in _BACK and (before in _STATEMENTS or after in _STATEMENTS or after in _VERBS)


def names_place(words: Sequence[str]) -> bool:
    """Whether it points back by place (``the figures above``), from another paragraph too."""
    return any(word in _BACK for word in words) and points_back(words)


def is_fragment(words: Sequence[str]) -> bool:
    """Whether a footnote begins as something that limits what it is a note to."""
    return _FRAGMENT.match(" ".join(words)) is not None
