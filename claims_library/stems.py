"""Stems of words, and which words carry no content: for finding what is near, never to approve."""

from __future__ import annotations

from functools import lru_cache

from claims_library.wordlists import words

# words that say nothing about what a sentence is about
STOP = words(
    """
    a an the this that these those there here it its they them their he she his her we our us you
    your i who whom whose which what when where while how why and or but nor so yet if then than as
    at by for from in into of off on onto out over per to up with within without under above below
    between among amongst across after before during until till since through throughout about
    against is are was were be been being am do does did done have has had having will would shall
    should can could may might must not no each every any some all both either neither such same
    other another more most less least very also only just too once upon via e g i.e eg ie etc vs
    versus plus one two three
    """
)
_ENDINGS = (
    *("izations", "isations", "ization", "isation", "iveness", "fulness", "ically", "ations"),
    *("ation", "ities", "ances", "ences", "ments", "ating", "ated", "ates", "ingly", "edly"),
    *("ance", "ence", "ment", "ness", "able", "ible", "ally", "ized", "ised", "ions", "tion"),
    *("ings", "ives", "ies", "ing", "ion", "ity", "ive", "ate", "ize", "ise", "ers", "ors"),
    *("ors", "est", "ous", "ful", "ial", "ly", "ed", "es", "er", "or", "al", "ic", "y", "s", "e"),
)
_IRREGULAR = {
    **dict.fromkeys(["given", "gave", "gives", "giving"], "give"),
    **dict.fromkeys(["taken", "took", "takes", "taking"], "take"),
    **dict.fromkeys(["women", "woman"], "woman"),
    **dict.fromkeys(["men", "man"], "man"),
    **dict.fromkeys(["children", "child"], "child"),
    **dict.fromkeys(["found", "finds", "finding"], "find"),
    **dict.fromkeys(["shown", "shows", "showed", "showing"], "show"),
    **dict.fromkeys(["begun", "began", "begins", "beginning", "begin"], "begin"),
    **dict.fromkeys(["died", "dies", "dying", "death", "deaths", "dead"], "die"),
    **dict.fromkeys(["survived", "survival", "survive", "survives", "surviving"], "surviv"),
    **dict.fromkeys(["worse", "worsen", "worsened", "worsening", "worsens"], "worse"),
    **dict.fromkeys(["response", "responses", "respond", "responds", "responded"], "respon"),
    **dict.fromkeys(["dosage", "dosages", "dose", "doses", "dosed", "dosing"], "dose"),
    **dict.fromkeys(["tumour", "tumours", "tumor", "tumors"], "tumor"),
    **dict.fromkeys(["significant", "significantly", "significance"], "signific"),
    **dict.fromkeys(["statistical", "statistically", "statistics"], "statistic"),
    **dict.fromkeys(["anaemia", "anemia"], "anemia"),
    **dict.fromkeys(["diarrhoea", "diarrhea"], "diarrhea"),
}


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Return the stem of a normalised word: inflections of one word have the same."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if "'" in word:
        word = word.partition("'")[0]
    if not word.isalpha() or len(word) < 5:
        return word[:-1] if len(word) == 4 and word.endswith("s") and word[2] != "s" else word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            root = word[: -len(ending)]
            return root[:-1] if len(root) > 4 and root[-1] == root[-2] else root
    return word
