"""What a writer or an import file says a module should be, before it is a version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from modules import content
from modules.models import ModuleVersion
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
)

CODE = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+")
MAXIMUM_BODY = 60_000
# a tag: "<" directly followed by a letter, "/" or "!"; "p < 0.001" and "<3 months" are text
TAG = re.compile(r"<[A-Za-z/!][^>]*>")
# program text of templates; a half-written "{{acc" is only unfinished
TEMPLATE = re.compile(r"\{%|%\}|\{#|#\}|\{\{[^{}]*\}\}")
FIELDS = ("account.care_setting", "account.city", "account.name", "agenda", "meeting.date")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class ModuleDraft:
    """All that a module's content is made of, typed and checked on its own."""

    code: str
    brand: str
    title: str
    kind: ModuleKind
    body: str
    pillar: Pillar
    phases: tuple[Phase, ...]
    roles: tuple[Role, ...]
    tiers: tuple[Tier, ...]
    channels: tuple[Channel, ...]
    market: Market
    audience: Audience
    requires: tuple[str, ...]
    excludes: tuple[str, ...]
    valid_until: date

    @classmethod
    def of(cls, version: ModuleVersion) -> ModuleDraft:
        """The draft that would give this version again."""
        return cls(
            code=version.code,
            brand=version.brand,
            title=version.title,
            kind=version.kind,
            body=version.body,
            pillar=version.pillar,
            phases=tuple(map(Phase, version.phases)),
            roles=tuple(map(Role, version.roles)),
            tiers=tuple(map(Tier, version.tiers)),
            channels=tuple(map(Channel, version.channels)),
            market=version.market,
            audience=version.audience,
            requires=tuple(version.requires),
            excludes=tuple(version.excludes),
            valid_until=version.valid_until,
        )

    def write_to(self, version: ModuleVersion) -> None:
        """Set the version's columns; lists are stored sorted in the vocabulary's order."""
        for field in fields(self):
            value = getattr(self, field.name)
            setattr(version, field.name, _stored(value))

    def objections(self) -> Iterator[Objection]:
        """What is wrong with this draft by itself, whatever else is in the library."""
        yield from self.storing_objections()
        yield from self.lacking_objections()

    def storing_objections(self) -> Iterator[Objection]:
        """What may not even be kept as a draft: it would be damage, an attack or unreadable."""
        if not CODE.fullmatch(self.code) or len(self.code) > 40:
            yield Objection(
                "code",
                f"{self.code!r} is not a module id: capitals, digits and hyphens, "
                "for example HAL-M-003.",
                where="id",
            )
        yield from self._title_objections()
        yield from self._markup_objections()
        for name in ("requires", "excludes"):
            for code in getattr(self, name):
                if not CODE.fullmatch(code) or len(code) > 40:
                    yield Objection("code", f"{code[:60]!r} is not a module id.", where=name)
        if self.code in self.requires or self.code in self.excludes:
            yield Objection("rules", "A module cannot require or exclude itself.", where="requires")
        for code in sorted(set(self.requires) & set(self.excludes)):
            yield Objection("rules", f"{code} is both required and excluded.", where="excludes")

    def lacking_objections(self) -> Iterator[Objection]:
        """What an unfinished draft may lack, and a file or a submitted version may not."""
        for name in ("phases", "roles", "tiers", "channels"):
            if not getattr(self, name):
                yield Objection(name, f"Choose at least one of the {name}.", where=name)
        if not self.body.strip():
            yield Objection("body", "The module has no text.", where="body")
        if len(self.body) > MAXIMUM_BODY:
            return
        for text in content.leftovers(self.body):
            if not TEMPLATE.search(text):
                yield Objection(
                    "reference",
                    f"Not a claim reference or a field: {text.strip()[:60]!r}. "
                    "Write [[claim:ID]], [[claim:ID/2]] or {{account.name}}.",
                    where="body",
                )
        for name in content.field_names(self.body):
            if name not in FIELDS:
                yield Objection(
                    "field",
                    f"{{{{{name}}}}} is not a personalisation field; there are "
                    f"{', '.join(FIELDS)}.",
                    where="body",
                )

    def _title_objections(self) -> Iterator[Objection]:
        if not self.title.strip():
            yield Objection("title", "A module needs a title.", where="title")
        if len(self.title) > 300:
            yield Objection("title", "A title has at most 300 characters.", where="title")
        if "\n" in self.title or "\r" in self.title:
            yield Objection("title", "A title is one line.", where="title")
        if any(sign in self.title for sign in ("{{", "[[", "{%", "{#")):
            yield Objection("markup", "A title is plain text without references.", where="title")

    def _markup_objections(self) -> Iterator[Objection]:
        if len(self.body) > MAXIMUM_BODY:
            yield Objection(
                "body", f"The text has more than {MAXIMUM_BODY:,} characters.", where="body"
            )
            return
        for name, text in (("title", self.title), ("body", self.body)):
            if tag := TAG.search(text):
                yield Objection(
                    "markup", f"HTML is not allowed: {tag.group(0)[:40]!r}.", where=name
                )
            if CONTROL.search(text):
                yield Objection("markup", "There is an invisible control character.", where=name)
        for text in content.leftovers(self.body):
            if TEMPLATE.search(text):
                yield Objection(
                    "reference",
                    f"Template code is not allowed: {text.strip()[:60]!r}. "
                    "Write {{account.name}} for an account fact.",
                    where="body",
                )


def tidy(text: str) -> str:
    """A body as it is kept, however it came: one kind of line end, one at the end of the text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    return f"{lines}\n" if lines else ""


def _stored(value: Any) -> Any:
    if isinstance(value, tuple):
        if value and isinstance(value[0], StrEnum):
            order = list(type(value[0]))
            return [item.value for item in sorted(set(value), key=order.index)]
        return sorted(set(value))
    return value
