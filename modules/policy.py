"""What stands in the way of submitting or approving a module version."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from claims_library.models import ClaimVersion
from claims_library.validity import Use, scope_objections
from modules.draft import ModuleDraft
from modules.models import ModuleVersion
from modules.pinning import Pinned
from records.errors import Objection


def submit_objections(
    draft: ModuleDraft,
    pinned: Pinned,
    companions: Sequence[str],
    known: Collection[str],
    day: date,
) -> Iterator[Objection]:
    """Why a text may not go to review.

    ``companions`` are what its claims demand, ``known`` those of its rules and companions that are
    modules, ``day`` the day on which it is asked.
    """
    yield from draft.objections()
    for ref in pinned.unknown:
        yield Objection(
            "unknown-claim",
            f"{ref} is not in the claims library.",
            where="body",
            instead="Choose an approved claim or variation.",
        )
    yield from rule_objections(draft, companions, known)
    for claim in pinned.versions.values():
        yield from claim_scope_objections(draft, claim)
    if draft.valid_until <= day:
        yield Objection("expired", f"{draft.code} would already be expired.", where="valid_until")


def rule_objections(
    draft: ModuleDraft, companions: Sequence[str], known: Collection[str]
) -> Iterator[Objection]:
    """Rules that name modules which do not exist, and companions nothing provides."""
    for name in ("requires", "excludes"):
        for code in getattr(draft, name):
            if code not in known:
                yield Objection("unknown-module", f"{code} is not a module.", where=name)
    for code in companions:
        if code not in known:
            yield Objection(
                "companion-missing",
                f"A claim must be accompanied by {code}, and no module of this product is that.",
                where="requires",
                instead="Write the companion module first.",
            )
        if code in draft.excludes:
            yield Objection("rules", f"{code} must accompany a claim in it.", where="excludes")


def claim_scope_objections(draft: ModuleDraft, claim: ClaimVersion) -> Iterator[Objection]:
    """A module may be used nowhere that one of its claims may not."""
    yield from scope_objections(claim, Use(draft.market, draft.audience, None))
    for channel in draft.channels:
        if channel.value not in claim.channels:
            yield Objection(
                "wrong-channel",
                f"{claim.code} is not approved for the channel {channel}.",
                where="channels",
                instead="Take the channel out, or the claim.",
            )


def approve_objections(
    version: ModuleVersion, claims: Mapping[int, list[Objection]], names: Mapping[int, str]
) -> Iterator[Objection]:
    """A module cannot be approved before every claim version it pins is."""
    for id, found in claims.items():
        for objection in found:
            yield Objection(
                "claim-not-approved",
                f"{version.label} uses {names[id]}: {objection.sentence}",
                where=names[id],
                instead="Sign the claim first.",
            )


def requirement_cycle(requires: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """One cycle in "A requires B" as the codes along it, or nothing.

    Two modules that require each other are one bundle and no mistake in themselves only if a
    person can still order them; the house refuses it, as the order would have no first.
    """
    done: set[str] = set()
    for start in sorted(requires):
        path: list[str] = []
        stack = [(start, iter(sorted(requires.get(start, ()))))]
        if start in done:
            continue
        path.append(start)
        while stack:
            code, rest = stack[-1]
            following = next(rest, None)
            if following is None:
                stack.pop()
                path.pop()
                done.add(code)
            elif following in path:
                return (*path[path.index(following) :], following)
            elif following not in done:
                path.append(following)
                stack.append((following, iter(sorted(requires.get(following, ())))))
    return ()
