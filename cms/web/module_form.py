"""What somebody typed about a module: kept as typed, and read as a draft."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from modules.draft import ModuleDraft, tidy
from records.errors import Objection
from records.vocabulary import (
    Audience,
    Channel,
    Market,
    ModuleKind,
    Phase,
    Pillar,
    Role,
    Tier,
    Word,
)

W = TypeVar("W", bound=Word)
Choices = list[tuple[str, str]]
MAXIMUM_TITLE = 1_000


def choices(words: type[Word]) -> Choices:
    """A closed list for a select or boxes to tick."""
    return [(word.value, word.label) for word in words]


@dataclass(frozen=True)
class Typed:
    """The fields of the editor as they stand on the screen."""

    title: str
    body: str
    kind: str
    pillar: str
    phases: tuple[str, ...]
    roles: tuple[str, ...]
    tiers: tuple[str, ...]
    channels: tuple[str, ...]
    market: str
    audience: str
    requires: str
    excludes: str
    valid_until: str

    @classmethod
    def of_form(cls, form: MultiDict[str, str]) -> Typed:
        """As the browser sent it."""
        return cls(
            title=form.get("title", "").strip()[:MAXIMUM_TITLE],
            body=tidy(form.get("body", "")),
            kind=form.get("kind", ""),
            pillar=form.get("pillar", ""),
            phases=tuple(form.getlist("phases")),
            roles=tuple(form.getlist("roles")),
            tiers=tuple(form.getlist("tiers")),
            channels=tuple(form.getlist("channels")),
            market=form.get("market", ""),
            audience=form.get("audience", ""),
            requires=form.get("requires", "").strip(),
            excludes=form.get("excludes", "").strip(),
            valid_until=form.get("valid_until", "").strip(),
        )

    @classmethod
    def of_draft(cls, draft: ModuleDraft) -> Typed:
        """As the form shows what is saved."""
        return cls(
            title=draft.title,
            body=draft.body,
            kind=draft.kind.value,
            pillar=draft.pillar.value,
            phases=tuple(draft.phases),
            roles=tuple(draft.roles),
            tiers=tuple(draft.tiers),
            channels=tuple(draft.channels),
            market=draft.market.value,
            audience=draft.audience.value,
            requires=", ".join(draft.requires),
            excludes=", ".join(draft.excludes),
            valid_until=draft.valid_until.isoformat(),
        )

    def read(self, base: ModuleDraft) -> tuple[ModuleDraft, list[Objection]]:
        """The draft this makes of ``base``, and what could not be read (left as in ``base``)."""
        wrong: list[Objection] = []
        draft = replace(
            base,
            title=self.title,
            body=self.body,
            kind=_word("kind", self.kind, base.kind, wrong),
            pillar=_word("pillar", self.pillar, base.pillar, wrong),
            phases=_words("phases", self.phases, Phase, wrong),
            roles=_words("roles", self.roles, Role, wrong),
            tiers=_words("tiers", self.tiers, Tier, wrong),
            channels=_words("channels", self.channels, Channel, wrong),
            market=_word("market", self.market, base.market, wrong),
            audience=_word("audience", self.audience, base.audience, wrong),
            requires=_codes(self.requires),
            excludes=_codes(self.excludes),
            valid_until=_day(self.valid_until, base.valid_until, wrong),
        )
        return draft, wrong


def _word(name: str, typed: str, base: W, wrong: list[Objection]) -> W:
    try:
        return type(base)(typed)
    except ValueError:
        wrong.append(Objection(name, f"Choose one {NAMES[name]} of the list.", where=name))
        return base


def _words(
    name: str, typed: Iterable[str], words: type[W], wrong: list[Objection]
) -> tuple[W, ...]:
    known = {word.value: word for word in words}
    if not set(typed) <= set(known):
        wrong.append(Objection(name, f"Choose {name} of the list only.", where=name))
    return tuple(word for word in words if word.value in set(typed))


def _codes(typed: str) -> tuple[str, ...]:
    """Codes with commas or spaces between them, each once, in the order of the alphabet."""
    found = typed.replace(",", " ").replace(";", " ").upper().split()
    return tuple(sorted(set(found)))


def _day(typed: str, base: date, wrong: list[Objection]) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        words = "Give the day after its last as a date, such as 2027-06-30."
        wrong.append(Objection("date", words, where="valid_until"))
        return base


NAMES = {"kind": "kind", "pillar": "message pillar", "market": "market", "audience": "audience"}

LISTS = {
    "kinds": choices(ModuleKind),
    "pillars": choices(Pillar),
    "phase_options": choices(Phase),
    "role_options": choices(Role),
    "tier_options": choices(Tier),
    "channel_options": choices(Channel),
    "markets": choices(Market),
    "audiences": choices(Audience),
}
