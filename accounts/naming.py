"""Names as they are printed: files in capitals become names, everything else stays as it is.

The account keeps what its source says (it is the key to finding it there again); only what is shown
and printed goes through here.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*[.'’]?")
_SMALL = frozenset(
    re.findall(
        r"\w+",
        """
        a an and at by for in of on or the to with dba
        """,
    )
)
# initials that could be read as a word; words without a vowel are taken for initials anyway
_INITIALS = frozenset(
    re.findall(
        r"\w+",
        """
        AMG APH ARH AU CAH CAMC CHI ER EMH HIMA ICU II III IV IX JFK LAC LSU LTAC MUSC NYU OHSU OSF
        OU PAM SCL SUNY UAB UAMS UC UCI UCLA UCSD UCSF UF UHHS UHS UIC UMC UNC UNM UPMC USA USC USMD
        UT UVA UVM UW VA VAMC VCU VI
        """,
    )
)
# shortened words without a vowel, which are no initials
_SHORT = frozenset(
    re.findall(
        r"\w+",
        """
        BLVD CTR DR FND FRST FT HLTH HSP HSPTL JR LTD MPLS MT MTN NSG PK RGNL RVR SPG SPGS SR SRVCS
        ST STE SVC SVCS TWP
        """,
    )
)
_SPELLED = {"MACNEAL": "MacNeal", "DEPAUL": "DePaul", "MEDSTAR": "MedStar", "LDS": "LDS"}
_VOWEL = re.compile(r"[AEIOUY]")
_LONGEST_INITIALS = 4


def printed_name(text: str) -> str:
    """``SAINT MARY'S HOSPITAL OF MCALLEN`` as Saint Mary's Hospital of McAllen.

    A text with any small letter was written by somebody who knew how, and is given back as it is.
    """
    if text != text.upper() or not any(sign.isalpha() for sign in text):
        return text
    return _WORD.sub(lambda found: _cased(found[0], first=_opens(text[: found.start()])), text)


def _opens(before: str) -> bool:
    """Whether a word stands first: at the beginning, in brackets, after a dash or a colon."""
    rest = before.rstrip()
    return not rest or rest[-1] in "-–(:/"


def _cased(word: str, *, first: bool) -> str:
    if word.lower() in _SMALL and not first:
        return word.lower()
    if "." in word.rstrip("."):  # P.H.F. and ST.CLAIR
        return ".".join(_cased(part, first=True) if part else "" for part in word.split("."))
    bare = word.rstrip(".'’")
    tail = word[len(bare) :]
    return _plain(bare) + tail


def _plain(word: str) -> str:
    if word in _SPELLED:
        return _SPELLED[word]
    if word[0].isdigit():
        return word.lower() if word[-1].isalpha() and word[:-2].isdigit() else word
    if len(word) == 1 or word in _INITIALS or _is_initials(word):
        return word
    head, mark, rest = _at_apostrophe(word)
    if mark:
        after = _plain(rest) if len(head) == 1 else rest.lower()
        return _plain(head) + mark + after
    if word.startswith("MC") and len(word) > _LONGEST_INITIALS:
        return "Mc" + word[2:].capitalize()
    return word.capitalize()


def _is_initials(word: str) -> bool:
    short = len(word) <= _LONGEST_INITIALS and word.isalpha()
    return short and word not in _SHORT and not _VOWEL.search(word)


def _at_apostrophe(word: str) -> tuple[str, str, str]:
    found = re.search("['’]", word)
    if found is None:
        return word, "", ""
    return word[: found.start()], found[0], word[found.end() :]


# what a mail server and a header take without quoting: no spaces, brackets or lists in it
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}"
)


def is_address(text: str) -> bool:
    """Whether a text is one email address and nothing else."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None
