"""Words that say the contrary of each other: directions, orders, permissions, judgements."""

from __future__ import annotations

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
    fast slow; faster slower; rapid slow; maximum minimum; at-least at-most; same different;
    similar different; common uncommon; common rare; frequent rare; frequently rarely;
    frequent infrequent; often rarely; often seldom; safe unsafe; safe harmful;
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
    treated untreated; ≥ <; ≤ >; > <; ≥ ≤; reduce raise; reduced raised; lowers increases;
    preserved lost; preserves loses; maintained lost; stable unstable; necessary unnecessary;
    needed unneeded; required unnecessary; tolerable intolerable; acceptable unacceptable;
    known unknown; withhold continue; withheld continued; hold continue; interrupt continue;
    interrupt resume; interrupted continued; reduce maintain; lower maintain; permit prohibit;
    except including; excluding also; except also; well poorly; good poor; good bad;
    best poorest; may unlikely; might unlikely; could unlikely; can unlikely; will unlikely;
    likely improbable; improved worse; improves worse; improve worse; better worsened;
    better poorer; improved lower; improving worsening; improvement decline; improved declined;
    gain decline; gained declined; benefit detriment; responders nonresponders;
    tolerated rejected; healthy sick; healthy ill; accelerates slows; accelerated slowed;
    slow accelerate; slows speeds; delayed hastened; delays hastens; decline rise; declined rose;
    declines rises; drop rise; dropped rose; falls rises; minimum greatest; minimal maximal;
    sooner later; earliest latest; largest smallest; narrower wider; heavier lighter;
    younger older; thin thick; weak potent; rarely usually; rarely generally; seldom usually;
    seldom generally; seldom frequently; uncommonly commonly; infrequently frequently;
    sometimes always; permitted contraindicated; recommended contraindicated;
    recommended discouraged; allowed forbidden; encourage discourage; encouraged discouraged;
    agree disagree; accepts refuses; binds releases; blocks activates; blocks opens;
    block activate; suppresses stimulates; suppress stimulate; suppressed stimulated;
    stimulates inhibits; stimulate inhibit; upregulates downregulates; raises reduces;
    gains losses; gains loses; restores destroys; protects harms; protect harm; protects damages;
    same opposite; similar opposite; similarly differently; equal unequal; together separately;
    combined alone; combination monotherapy; on off; into from; to from; fasting fed; empty full;
    morning evening; day night; oral intravenous; subcutaneous intravenous; left right;
    acute chronic; reached missed; met missed; passed failed; succeeded failed; success failure;
    eligible ineligible; suitable unsuitable; stop keep; stops keeps; discontinue keep;
    start finish; begin finish; begin end; begins ends; starts ends; starts stops;
    blocks promotes; block promote; inhibits promotes; inhibit promote; blocks enables;
    inhibits enhances; inhibit enhance; suppresses enhances; prevents promotes; prevents permits;
    prevents causes; prevent cause; contraindicated suitable; contraindicated safe;
    contraindicated approved; contraindicated acceptable; avoid fine; avoid acceptable;
    avoid allow; avoid encourage; avoid recommend; avoid start; avoid continue; withhold start;
    withhold use; discontinue use; discontinue maintain; rejects accepts; opposes favors;
    enhances diminishes; enhances reduces; enhances impairs; enhances weakens; enhance diminish;
    enhance reduce; enhance impair; enhanced diminished; enhanced reduced; enhanced impaired;
    strengthens weakens; augments diminishes; boosts reduces; boosts diminishes;
    increase diminish; increases diminishes; increased diminished; fasted fed;
    shortens lengthens; tightens loosens; hardens softens; likely unlikely;
    empty food; empty meal; empty meals; fasting food; fasted food; fasting meals;
    benefit risk; benefits risks; advantage disadvantage; advantages disadvantages;
    significant insignificant; responsive unresponsive; free containing
"""
ANTONYMS: frozenset[tuple[str, str]] = frozenset(
    pair for entry in _ANTONYMS.split(";") for a, b in [entry.split()] for pair in ((a, b), (b, a))
)
_DENYING_PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non", "de", "anti", "a", "mis")


def opposed(a: str, b: str) -> bool:
    """Whether two words say the contrary: listed, or one is the other with a denying prefix."""
    if (a, b) in ANTONYMS:
        return True
    short, long = sorted((a, b), key=len)
    return len(short) >= 4 and any(long == prefix + short for prefix in _DENYING_PREFIXES)
