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
    undoubted maximum maximal maximally highest largest lowest fewest longest deepest
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
_ANTONYMS = """
    increase decrease; increases decreases; increased decreased; increasing decreasing;
    increase reduce; increased reduced; increases reduces; increasing reducing; increase lower;
    increased lowered; raise lower; raised lowered; raises lowers; rise fall; rose fell;
    increase reduction; increases reductions; elevated reduced; elevation reduction;
    higher lower; high low; highest lowest; more less; more fewer; most least; most fewest;
    greater less; greater lower; greater smaller; greater fewer; greatest least; larger smaller;
    longer shorter; long short; longest shortest; before after; prior after; prior post;
    prior following; pre post; above below; over under; exceeding below; above under;
    superior inferior; better worse; best worst; improve worsen; improved worsened;
    improves worsens; improvement worsening; improvement deterioration; improve impair;
    improved impaired; improve reduce; with without; include exclude; includes excludes;
    included excluded; including excluding; start stop; start discontinue; initiate discontinue;
    initiation discontinuation; initiating discontinuing; continue discontinue;
    continued discontinued; continue stop; resume discontinue; resume withhold; give withhold;
    take avoid; use avoid; avoid consider; avoid prefer; positive negative; inhibitor inducer;
    inhibitors inducers; inhibitor activator; inhibits activates; inhibits induces;
    inhibit activate; inhibited activated; inhibition induction; inhibition activation;
    agonist antagonist; agonists antagonists; reversible irreversible; reversibly irreversibly;
    always never; all none; every no; any no; some no; can cannot; early late; earlier later;
    fast slow; faster slower; rapid slow; maximum minimum; at-least at-most; least most;
    same different; similar different; common uncommon; common rare; frequent rare;
    frequently rarely; frequent infrequent; often rarely; often seldom; safe unsafe; safe harmful;
    effective ineffective; approved unapproved; allow prevent; allowed prohibited;
    permitted prohibited; permitted forbidden; indicated contraindicated; sensitive resistant;
    susceptible resistant; gain loss; gained lost; alive dead; survival death; benefit harm;
    benefits harms; favor disfavor; favored disfavored; favour disfavour; for against;
    accept refuse; add remove; added removed; present absent; presence absence; open closed;
    first last; beginning end; start end; whole split; dry wet; hot cold; upper lower;
    strong weak; stronger weaker; active inactive; complete incomplete; direct indirect;
    lengthened shortened; prolonged shortened; prolong shorten; prolongs shortens;
    extended shortened; accelerate delay; accelerated delayed; accelerates delays;
    avoidable unavoidable; mature immature; confirmed excluded; detected undetected;
    treated untreated; ≥ <; ≤ >; > <; ≥ ≤; reduce raise; reduced raised; lower raise;
    reduces increases; lowered increased; lowers increases; lowers raises; preserved lost;
    preserves loses; maintained lost; stable unstable; necessary unnecessary; needed unneeded;
    required unnecessary; tolerable intolerable; acceptable unacceptable; known unknown;
    withhold continue; withheld continued; withhold resume; hold continue; interrupt continue;
    interrupt resume; interrupted continued; reduce maintain; lower maintain; permit prohibit;
    except including; excluding also; except also; well poorly; good poor; good bad; best poorest;
    may unlikely; might unlikely; could unlikely; can unlikely; will unlikely; likely improbable;
    improved worse; improves worse; improve worse; better worsened; better poorer; improved lower;
    improving worsening; improvement decline; improved declined; gain decline; gained declined;
    benefit detriment; responders nonresponders; tolerated rejected; healthy sick; healthy ill;
    accelerates slows; accelerated slowed; slow accelerate; slows speeds; delayed hastened;
    delays hastens; decline rise; declined rose; declines rises; drop rise; dropped rose; fell rose;
    fall rise; falls rises; fewer greater; minimum greatest; minimal maximal; smaller greater;
    sooner later; earliest latest; largest smallest; narrower wider; heavier lighter; younger older;
    thin thick; weak potent; weaker stronger; rarely usually; rarely generally; seldom usually;
    seldom generally; seldom frequently; uncommonly commonly; infrequently frequently;
    sometimes always; permitted contraindicated; recommended contraindicated;
    recommended discouraged; allowed forbidden; encourage discourage; encouraged discouraged;
    agree disagree; accepts refuses; binds releases; blocks activates; blocks opens; block activate;
    suppresses stimulates; suppress stimulate; suppressed stimulated; stimulates inhibits;
    stimulate inhibit; upregulates downregulates; raises reduces; raise reduce; raised reduced;
    raises reduces; gains losses; gains loses; restores destroys; protects harms; protect harm;
    protects damages; same opposite; similar opposite; similarly differently; equal unequal;
    together separately; combined alone; combination monotherapy; on off; into from; to from;
    fasting fed; empty full; morning evening; day night; oral intravenous; subcutaneous intravenous;
    left right; acute chronic; reached missed; met missed; passed failed; succeeded failed;
    success failure; eligible ineligible; suitable unsuitable; stop keep; stops keeps;
    discontinue keep; start finish; begin finish; begin end; begins ends; starts ends; starts stops;
    blocks promotes; block promote; inhibits promotes; inhibit promote; blocks enables;
    inhibits enhances; inhibit enhance; suppresses enhances; prevents promotes; prevents permits;
    prevents causes; prevent cause; contraindicated suitable; contraindicated safe;
    contraindicated approved; contraindicated acceptable; avoid fine; avoid acceptable; avoid allow;
    avoid encourage; avoid recommend; avoid start; avoid continue; withhold start; withhold use;
    discontinue start; discontinue use; discontinue maintain; rejects accepts; opposes favors;
    fasted fed; shortens lengthens; shortens prolongs; tightens loosens; hardens softens;
    likely unlikely; significant insignificant; responsive unresponsive; free containing
"""
ANTONYMS: frozenset[tuple[str, str]] = frozenset(
    pair for entry in _ANTONYMS.split(";") for a, b in [entry.split()] for pair in ((a, b), (b, a))
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
_DENYING_PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non", "de", "anti", "a", "mis")


def opposed(a: str, b: str) -> bool:
    """Whether two words say the contrary: listed, or one is the other with a denying prefix."""
    if (a, b) in ANTONYMS:
        return True
    short, long = sorted((a, b), key=len)
    return len(short) >= 4 and any(long == prefix + short for prefix in _DENYING_PREFIXES)


def denies(words: list[str]) -> int:
    """How often a run of words denies; ``with or without`` and ``no or only`` do not."""
    count = 0
    for i, word in enumerate(words):
        if word in NEGATORS or word.endswith("n't"):
            before = words[i - 1] if i else ""
            after = words[i + 1] if i + 1 < len(words) else ""
            if (before == "or" and word == "without") or (word == "no" and after == "or"):
                continue
            if word in {"no", "not"} and _bounds(words[i + 1 : i + 3]):
                continue
            count += 1
    return count


def _bounds(following: list[str]) -> bool:
    """Whether a denial only sets a bound: ``no more than``, ``not exceed``."""
    return following[:1] in (["exceed"], ["exceeding"]) or (
        following[1:] == ["than"]
        and following[0]
        in {"more", "less", "fewer", "greater", "higher", "lower", "later", "earlier", "longer"}
    )


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
