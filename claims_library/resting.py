"""Deciding what becomes of a claim whose words a newer label moved, changed or dropped.

Whoever decides says on which words of the label in force the claim rests from now on, and why. What
comes of it is a draft: the version in use keeps its evidence and its signatures, stays held while
its words are lost, and ends when the new version is signed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz import fuzz
from sqlalchemy import select
from sqlalchemy.orm import Session

from claims_library.anchors import Anchor, Fate, fold
from claims_library.claim_file import ClaimRow, read_claims
from claims_library.claim_table import COLUMNS, write_table
from claims_library.label_document import LabelDocument
from claims_library.landing import difference, land, values_of
from claims_library.models import Claim, ClaimVersion, LabelVersion
from claims_library.operations import current_label
from claims_library.quotes import anchor_of, document_of, fates, with_text
from records import roles
from records.actions import Action
from records.errors import Objection, Stale, refuse
from records.lifecycle import VersionState
from records.models import Person
from records.problems import BadInput
from records.roles import Permission

LONGEST = 2000
# below this likeness (of 100) a passage has nothing to do with the quote
_LIKE = 60.0


@dataclass(frozen=True, slots=True)
class Rest:
    """On which words of a label a claim rests, and how it reads from then on."""

    locator: str
    excerpt: str
    text: str
    variations: tuple[str, ...]
    reference: str


def resting(version: ClaimVersion) -> Rest:
    """What a version says now."""
    return Rest(
        version.locator,
        version.excerpt,
        version.text,
        tuple(version.variations),
        version.reference,
    )


def proposed(session: Session, version: ClaimVersion, label: LabelVersion) -> Rest | None:
    """The words of ``label`` nearest to what a version quotes; None when nothing is like it."""
    now = resting(version)
    found = fates(session, [version], label)[version.id]
    if found.anchor is not None:
        place = (found.anchor.locator, version.excerpt)
    else:
        document = document_of(with_text(session, label))
        nearest = _nearest(document, version.excerpt, anchor_of(version))
        if nearest is None:
            return None
        place = nearest
    return Rest(*place, now.text, now.variations, now.reference)


def _nearest(
    document: LabelDocument, excerpt: str, anchor: Anchor | None
) -> tuple[str, str] | None:
    """(locator, words) of the passage most like the excerpt; of its own section if that has one."""
    quote = fold(excerpt)
    own: tuple[float, str, str] = (0.0, "", "")
    best = own
    for part in document.sections:
        text = fold(part.text)
        found = fuzz.partial_ratio_alignment(quote, text) if len(text) >= len(quote) else None
        if found is None or found.score < _LIKE:
            continue
        locator = f"{part.number} {part.name}" if part.number else part.name
        words = _whole(quote, text, found.dest_start, found.dest_end)
        best = max(best, (found.score, locator, words), key=lambda each: each[0])
        if anchor is not None and (part.name, part.number) == (anchor.section, anchor.number):
            own = max(own, (found.score, locator, words), key=lambda each: each[0])
    chosen = own if own[0] else best
    return (chosen[1], chosen[2]) if chosen[0] else None


def _whole(quote: str, text: str, start: int, end: int) -> str:
    """The words that stand for the quote, about where the likest stretch of its length is.

    The stretch is as long as the quote, so what was put in or taken out moves its ends: they are
    found by the first and last words that both have, with as many beside them as the quote has.
    """
    around = 40 + (end - start) // 3
    before, after = max(0, start - around), min(len(text), end + around)
    while before > 0 and text[before - 1] != " ":
        before -= 1
    while after < len(text) and text[after] != " ":
        after += 1
    wanted, words = quote.split(), text[before:after].split()
    *blocks, _ = SequenceMatcher(None, wanted, words, autojunk=False).get_matching_blocks()
    if not blocks:
        return text[start:end].strip()
    first, last = blocks[0], blocks[-1]
    left = len(wanted) - (last.a + last.size)
    return " ".join(words[max(0, first.b - first.a) : last.b + last.size + left])


def rest_anew(
    session: Session,
    claim: Claim,
    label: LabelVersion,
    rest: Rest,
    *,
    actor: Person,
    reason: str,
    seen: int,
) -> ClaimVersion:
    """Make the draft of a claim that rests on other words of the label in force.

    ``seen`` is the id of the newest version when the decision was made; saying the same twice gives
    the same draft. A draft that is being written takes the values.

    Raises:
        NotAllowed: the actor may not keep claims.
        Stale: somebody else began another version meanwhile.
        Refused: the label is not in force, the words stand, a review is going on, or no reason.
        BadInput: the words are not in the label, a number of the wording is not in them, and all
            else that an import refuses.
    """
    roles.require(actor, Permission.KEEP_CLAIMS)
    claim = session.scalars(
        select(Claim)
        .where(Claim.id == claim.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    latest = claim.latest
    if latest is None:
        raise Stale("This claim has no version.")
    values = values_of(_read(latest, label, rest), label)
    if difference(claim, values) == "unchanged" and latest.label_version_id == label.id:
        return latest
    if latest.id != seen:
        raise Stale(f"{latest.label} was begun since you opened this page. Nothing was changed.")
    in_use = claim.approved or latest
    refuse(
        _objections(session, in_use, latest, label, reason),
        intro=f"Nothing is decided of {claim.code}.",
    )
    return land(
        session,
        claim,
        claim.code,
        values,
        label,
        actor=actor,
        action=Action.CLAIM_REST_ANEW,
        reason=reason.strip()[:LONGEST],
        details={
            "label": label.version,
            "label_before": in_use.label_version.version,
            "excerpt": values["excerpt"],
            "excerpt_before": in_use.excerpt,
            "same_wording": (values["text"], values["variations"])
            == (in_use.text, in_use.variations),
        },
    )


def _read(latest: ClaimVersion, label: LabelVersion, rest: Rest) -> ClaimRow:
    """The row that an import would read, with everything that an import checks."""
    row = next(csv.DictReader(io.StringIO(write_table([latest]))))
    row |= {
        "locator": rest.locator,
        "excerpt": rest.excerpt,
        "text": rest.text,
        "variations": " || ".join(rest.variations),
        "reference": rest.reference,
    }
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, COLUMNS)
    writer.writeheader()
    writer.writerow(row)
    read = read_claims(target.getvalue().encode(), filename=latest.code, label=label.document())
    if read.problems:
        raise BadInput(read.problems)
    return read.rows[0]


def _objections(
    session: Session,
    in_use: ClaimVersion,
    latest: ClaimVersion,
    label: LabelVersion,
    reason: str,
) -> Iterator[Objection]:
    if current_label(session, label.product.brand) is not label:
        yield Objection(
            "not-in-force",
            f"Label version {label.version} is not in force.",
            instead="Decide from the day it takes effect.",
        )
    elif fates(session, [in_use], label)[in_use.id].fate is Fate.UNCHANGED:
        yield Objection("stands", f"The words of {in_use.label} stand in this label as they are.")
    if latest.state is VersionState.IN_REVIEW:
        yield Objection(
            "in-review",
            f"{latest.label} is being reviewed.",
            instead="Take it back from review first.",
        )
    if not reason.strip():
        yield Objection("reason", "Say why: reviewers and the trail read it.", where="reason")
