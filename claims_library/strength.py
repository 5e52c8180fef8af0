"""Words by what they do to a statement: deny it, turn it, strengthen, limit or hedge it.

Lists of the language, not of any product. Words are as tokens are: lower case.
"""

from __future__ import annotations

from claims_library.wordlists import words as _words

NEGATORS = _words(
    """
    not no never neither nor none nothing nobody nowhere without cannot unable lack lacks lacking
    lacked absence absent fail fails failed failing failure don't doesn't didn't isn't aren't
    wasn't weren't won't wouldn't can't couldn't shouldn't mustn't hasn't haven't hadn't needn't
    ain't non un instead
    """
)
# put in, these say that something need not be
NEEDLESS = _words(
    "unnecessary unneeded needless superfluous redundant dispensable pointless unrequired optional"
)
# left out, while what they speak of stays, the statement allows what it ruled out
PROHIBITING = _words("avoid contraindicated discontinue withhold prohibited")
# of these, what makes a paraphrase deny as the original does
SOFT_NEGATORS = NEGATORS | _words(
    """
    skip skipped omit omitted avoid avoided rather except excluding excluded unless refrain
    prevent prohibited contraindicated immature unnecessary unneeded unaffected free unchanged
    discontinue stop withhold hold missing unreached nr ne unavoidable inadvisable unsuitable
    outside
    """
)
# words around an approved wording that turn it into its opposite or into hearsay
TURNING = _words(
    """
    untrue false falsely wrong wrongly incorrect incorrectly myth myths mistaken mistakenly error
    erroneous misconception misconceptions fiction unlike contrary doubt doubtful doubts deny denies
    denied disprove disproved disproven refute refuted rumor rumour allegedly supposedly purportedly
    reportedly misleading invalid obsolete outdated retracted untested unproven questionable fallacy
    dispute disputed contradict contradicts nonsense hoax unless pretend pretends disagree rejected
    hardly scarcely barely ceased withdrawn refuse refuses opposite reverse
    """
)
BOOSTERS = _words(
    """
    very extremely highly exceptionally remarkably remarkable extraordinary extraordinarily
    unprecedented unmatched unrivaled unrivalled unparalleled unsurpassed unbeaten unbeatable
    undisputed undeniable undeniably unquestionable unquestionably unequivocal unequivocally
    outstanding impressive impressively striking strikingly dramatic dramatically astonishing
    astonishingly amazing amazingly incredible incredibly fantastic stunning spectacular
    phenomenal tremendous tremendously superb excellent exceptional great greatly greatest big
    huge hugely massive massively vast vastly enormous enormously profound profoundly
    powerful powerfully potent strong strongly stronger strongest robust robustly solid
    superior superiority unsurpassable best better finest first-class leading premier top
    ultimate ideal perfect perfectly optimal unique uniquely exclusive exclusively sole solely
    only just mere merely tiny negligible trivial minimal minimally small slight slightly
    insignificant harmless mild mildly rare rarely seldom uncommon manageable
    always ever every everyone everybody all any entirely entire completely complete totally total
    fully absolutely absolute guaranteed guarantee guarantees ensure ensures assure assures
    inevitably inevitable invariably certainly certain definitely definitive definitively
    decisive decisively conclusive conclusively clearly clear obviously obvious evidently
    undoubtedly surely proven proves prove proved confirms indisputable irrefutable
    significantly significant substantially substantial considerably considerable markedly marked
    meaningfully meaningful clinically notably notable noteworthy truly really indeed
    breakthrough revolutionary revolutionize game-changer gamechanger landmark milestone
    transformative transformational transforming transforms groundbreaking innovative novel
    cutting-edge state-of-the-art next-generation modern new newest latest
    miracle miraculous cure cures cured curative life-saving lifesaving lifelong
    safe safely safer safest safety-proven effective effectively efficacious
    well-tolerated gentle gently easy easily easier easiest simple simply simpler effortless
    effortlessly convenient conveniently comfortable quick quickly quicker fast faster fastest
    rapid rapidly immediate immediately instant instantly long-lasting durable durably sustained
    sustainably reliable reliably dependable consistent consistently preferred favored favoured
    trusted recommended-by universally universal widely broad broadly broader
    mandatory imperative essential vital crucial indispensable compulsory obligatory
    forever constantly continuously whatsoever regardless even twice double doubled
    triple tripled record-breaking stellar winning victorious celebrated renowned acclaimed
    gold-standard promising exciting encouraging compelling convincing convincingly persuasive
    win wins victory triumph success proof trust hope benchmark champion leader pioneer unmistakable
    choice flawless pristine stellar superbly peerless matchless incomparable overwhelming
    overwhelmingly emphatically emphatic staggering whopping towering resounding solidly firmly
    isolated transient fleeting sporadic infrequent standard confidence confidently supremely
    undoubted far maximum maximal maximally highest largest lowest fewest longest deepest
    """
)
# two and three words that strengthen together
BOOSTING_PHRASES = (
    ("standard", "of", "care"),
    ("gold", "standard"),
    ("by", "far"),
    ("of", "choice"),
    ("first", "and", "only"),
    ("a", "mere"),
    ("in", "class"),
    ("far", "more"),
    ("much", "more"),
    ("even", "more"),
    ("the", "most"),
    ("as", "much", "as"),
    ("no", "less", "than"),
    ("no", "fewer", "than"),
    ("more", "than"),
    ("over",),
    ("a", "whopping"),
    ("practice", "-", "changing"),
    ("game", "-", "changing"),
    ("life", "-", "changing"),
    ("well", "tolerated"),
    ("without", "exception"),
    ("in", "every", "case"),
    ("side", "effect", "free"),
)
# these deny nothing: they insist, or belittle the figure that follows
INSISTING = (
    ("no", "more", "than"),
    ("no", "less", "than"),
    ("no", "fewer", "than"),
    ("not", "even"),
    ("not", "only"),
    ("no", "doubt"),
    ("without", "doubt"),
    ("without", "question"),
    ("without", "exception"),
    ("nothing", "less", "than"),
    ("nothing", "short", "of"),
    ("second", "to", "none"),
    ("like", "no", "other"),
    ("never", "-", "before", "-", "seen"),
)
# before a figure these raise it
RAISING = (
    ("over",),
    ("well", "over"),
    ("more", "than"),
    ("well", "above"),
    ("upwards", "of"),
    ("at", "least"),
    ("as", "long", "as"),
    ("as", "much", "as"),
    ("as", "high", "as"),
    ("as", "many", "as"),
    ("as", "low", "as"),
    ("as", "little", "as"),
    ("as", "few", "as"),
    ("fewer", "than"),
    ("less", "than"),
)
BELITTLING = _words("barely hardly scarcely")
LY_NEUTRAL = _words(
    """
    daily weekly monthly yearly hourly orally approximately respectively previously currently
    concomitantly concurrently generally usually typically commonly frequently periodically
    nearly roughly possibly probably potentially partly partially early only family supply reply
    apply likely unlikely subsequently simultaneously separately mainly mostly largely chiefly
    accordingly additionally finally initially locally systemically intravenously subcutaneously
    topically randomly recently newly lately namely relatively similarly briefly shortly
    independently individually jointly normally ordinarily occasionally sometimes lily July
    poorly slowly gradually moderately severely adversely numerically nominally statistically
    immediately promptly permanently temporarily regularly carefully closely timely elderly
    """
)
# how strongly a verb or adjective binds: higher is stronger
LADDER: dict[str, int] = {
    **dict.fromkeys(_words("may might could possibly potentially perhaps suggest suggests"), 1),
    **dict.fromkeys(_words("suggested appear appears appeared seem seems seemed indicate"), 1),
    **dict.fromkeys(_words("likely probably can generally usually often typically tends tend"), 2),
    **dict.fromkeys(_words("some several certain selected"), 2),
    **dict.fromkeys(_words("should recommended recommend advised consider considered"), 3),
    **dict.fromkeys(_words("associated observed reported seen many preferably if"), 3),
    **dict.fromkeys(_words("most"), 4),
    **dict.fromkeys(_words("reduce reduces reduced lower lowers lowered lessen lessens"), 3),
    **dict.fromkeys(_words("prevent prevents prevented halt halts halted stop stops stopped"), 4),
    **dict.fromkeys(_words("eliminate eliminates eliminated eradicate eradicates abolish"), 5),
    **dict.fromkeys(_words("will shall is are was were does demonstrated showed shown"), 4),
    **dict.fromkeys(_words("must mandatory required requires always never all every has"), 5),
    **dict.fromkeys(_words("proven proves proved guarantees guarantee guaranteed causes"), 5),
    **dict.fromkeys(_words("ensures certain certainly invariably inevitably definitely"), 5),
}
HEDGES = _words(
    """
    may might could possibly potentially perhaps suggest suggests suggested appear appears
    approximately about around roughly nearly almost up likely probably generally usually often
    typically can should recommended preferably some most estimated expected observed reported
    """
)
# function words that limit: leaving them out says more than was approved
LIMITS = _words(
    """
    only may might could can should up least most about approximately around roughly nearly almost
    if when unless until after before during within without under above below less more than
    some certain selected mainly mostly primarily usually generally preferably except
    either both each not no or prior following while vs versus plus
    """
)
# of the strengthening words, those that a plain paraphrase may well use
PLAIN = _words(
    """
    every any all everyone big great small slight even over new latest clear clearly simple simply
    quick quickly fast total entire entirely complete completely full fully strong top best better
    highest lowest largest longest new first only rapid rapidly immediate immediately promptly
    mild mildly consistent essential standard significant significantly ever easily truly effective
    effectively ideal always solid broad real twice rare rarely preferred novel double
    """
) - _words("only ever best better always")
SAME_HEDGE = (
    _words("approximately about around roughly circa ca ~ ≈ nearly almost estimated"),
    _words("may might could can"),
    _words("median medians"),
    _words("before prior pre"),
    _words("after following post once"),
    _words("adult adults"),
    _words("women woman females female"),
    _words("men man males male"),
    _words("vs versus compared against placebo"),
    _words("recommended recommends advised should"),
    _words("only solely exclusively"),
    _words("least minimum"),
)
_DESCRIBING = (
    "ing",
    "ive",
    "ous",
    "ful",
    "able",
    "ible",
    "less",
    "some",
    "ant",
    "ent",
    "ary",
    "ic",
)


def denies(words: list[str]) -> int:
    """How often a run of words denies; ``with or without`` and ``no or only`` do not."""
    count = 0
    for i, word in enumerate(words):
        if word in NEGATORS or word.endswith("n't"):
            before = words[i - 1] if i else ""
            after = words[i + 1] if i + 1 < len(words) else ""
            if (before == "or" and word == "without") or (word == "no" and after == "or"):
                continue
            if word in {"no", "not"} and _bounds(words[i + 1 : i + 7]):
                continue
            count += 1
    return count


def _bounds(following: list[str]) -> bool:
    """Whether a denial only sets a bound: ``no more than``, ``not exceed``."""
    if following[:1] in (["exceed"], ["exceeding"]):
        return True
    return any(
        word in _COMPARING and "than" in following[i + 1 : i + 3]
        for i, word in enumerate(following[:4])
    )


_COMPARING = _words("more less fewer greater higher lower later earlier longer sooner")


def boosters(words: list[str], *, loose: bool = False) -> list[str]:
    """Words of a run that strengthen: listed, superlative, or an adverb that is not neutral.

    Args:
        words: what stands only in the text.
        loose: whether the text is a paraphrase, where plain words such as ``every`` may be others.
    """
    listed = BOOSTERS - PLAIN if loose else BOOSTERS
    found = [
        word for word in words if word in listed or _adverb(word, loose=loose) or _superlative(word)
    ]
    bound = any(word in {"no", "not"} and _bounds(words[i + 1 :]) for i, word in enumerate(words))
    found += [
        " ".join(phrase)
        for phrase in BOOSTING_PHRASES
        if len(phrase) > 1 and contains(words, phrase) and not (bound and phrase[-1] == "than")
    ]
    return found


def describes(word: str) -> bool:
    """Whether a word looks like one that praises or belittles: by its ending or as a compound."""
    return len(word) > 5 and word.isalpha() and word.endswith(_DESCRIBING)


def _adverb(word: str, *, loose: bool) -> bool:
    return not loose and len(word) > 5 and word.endswith("ly") and word not in LY_NEUTRAL


def _superlative(word: str) -> bool:
    return len(word) > 6 and word.endswith("est") and word[:-3].isalpha() and word not in {
        "request", "interest", "suggest", "digest", "harvest", "earliest", "latest", "invest",
        "contest", "protest", "manifest", "arrest", "conquest", "closest",
    }  # fmt: skip


def contains(words: list[str], phrase: tuple[str, ...]) -> bool:
    """Whether ``phrase`` stands in ``words``."""
    return any(
        tuple(words[i : i + len(phrase)]) == phrase for i in range(len(words) - len(phrase) + 1)
    )
