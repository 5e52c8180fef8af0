"""The frame of a material: which slots it has, in which order, and what may stand in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from records.problems import BadInput, Problem, reject
from records.vocabulary import Audience, Channel, Market, ModuleKind, Pillar

SHIPPED = Path(__file__).with_name("frames")
MAXIMUM_BYTES = 200_000
_OF_CHANNEL = {
    Channel.LEAVE_BEHIND: ("leave-behind", "faq-sheet"),
    Channel.MEETING_PREP: ("meeting-prep", "talk-track", "hand-off"),
}


class Slot(BaseModel):
    """One place of a frame. ``companions_only``: filled by what other modules bring along."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    kinds: tuple[ModuleKind, ...]
    code_ends: tuple[str, ...] = ()
    pillars: tuple[Pillar, ...] = ()
    required: bool = False
    most: int | None = None
    companions_only: bool = False

    def takes(self, code: str, kind: ModuleKind) -> bool:
        """Whether a module of this code and kind belongs here."""
        if kind not in self.kinds:
            return False
        return not self.code_ends or code.rpartition("-")[2] in self.code_ends


class LetterFrame(BaseModel):
    """The words of an email around its modules, approved with the template.

    Fields in braces are filled in: ``{brand}``, ``{generic}``, ``{account}``; in the greeting
    ``{recipient}``; in the address of the prescribing information ``{brand}`` and ``{set_id}``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: str = Field(min_length=8, max_length=150)
    preheader: str = Field(min_length=8, max_length=150)
    greeting: str = Field(max_length=80)
    greeting_without_name: str = Field(max_length=80)
    closing: str = Field(max_length=80)
    reason: str = Field(min_length=8, max_length=400)
    prescribing_information: str = Field(pattern=r"^https://[A-Za-z0-9./_?=&%{}-]+$")

    @field_validator("subject", "preheader", "reason", "closing", "greeting_without_name")
    @classmethod
    def _plain(cls, text: str) -> str:
        return plain_pattern(text, "{brand}", "{generic}", "{account}")

    @field_validator("greeting")
    @classmethod
    def _plain_greeting(cls, text: str) -> str:
        return plain_pattern(text, "{recipient}")

    @field_validator("prescribing_information")
    @classmethod
    def _plain_address(cls, text: str) -> str:
        return plain_pattern(text, "{brand}", "{set_id}")


def plain_pattern(pattern: str, *fields: str) -> str:
    """The pattern, if it holds these fields and plain words on one line only: it is no program."""
    rest = pattern
    for field in fields:
        rest = rest.replace(field, "")
    if any(sign in rest for sign in "{}<>") or not pattern.isprintable():
        raise ValueError(f"a line may hold {', '.join(fields)} and plain words only")
    return pattern


class Frame(BaseModel):
    """A template's frame as its file says it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^[A-Z][A-Z0-9-]{2,39}$")
    title: str
    channel: Channel
    # the layout, if it is not the one of the channel: a question sheet is handed over like a
    # leave-behind, a talk track is one form of meeting preparation
    kind: str = ""
    # for our own people only; otherwise the readers are those of the role
    audience: Literal[Audience.INTERNAL] | None = None
    market: Market
    valid_until: date
    page_size: Literal["letter", "a4"] = "letter"
    material_prefix: str = Field(pattern=r"^[A-Z]{2,5}$")
    title_pattern: str
    most_messages: int = 12
    # the lines an agenda may be put together from, approved with the template
    agenda: tuple[str, ...] = ()
    usual_agenda: tuple[str, ...] = ()  # those of them that stand when nobody chooses
    checklist: tuple[str, ...] = ()  # lines to tick off, approved with the template
    people: bool = False  # whether the account's stakeholders are printed
    most_pages: int | None = Field(default=None, ge=1)
    email: LetterFrame | None = None
    slots: tuple[Slot, ...]

    @field_validator("title_pattern")
    @classmethod
    def _plain_pattern(cls, pattern: str) -> str:
        """Only these two fields: a pattern is no program."""
        rest = pattern.replace("{brand}", "").replace("{account}", "")
        if "{" in rest or "}" in rest or "<" in rest:
            raise ValueError("a title may hold {brand} and {account} and plain words only")
        return pattern

    @field_validator("slots")
    @classmethod
    def _balanced_slots(cls, slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
        """Safety information has its place, and it is the last one (R-108)."""
        names = [slot.name for slot in slots]
        if len(set(names)) < len(names):
            raise ValueError("two slots have the same name")
        safety = [slot for slot in slots if ModuleKind.ISI in slot.kinds]
        if not safety or safety[-1] is not slots[-1] or not safety[-1].required:
            raise ValueError("the last slot is the required one for safety information")
        return slots

    @model_validator(mode="after")
    def _letter_of_an_email(self) -> Frame:
        if (self.email is None) == (self.channel is Channel.EMAIL):
            raise ValueError("a template of the channel email, and no other, has the part email")
        return self

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Frame:
        if self.layout not in _OF_CHANNEL.get(self.channel, (self.channel.value,)):
            raise ValueError(f"the channel {self.channel.value} has no kind {self.layout}")
        if self.people and self.audience is not Audience.INTERNAL:
            raise ValueError("names of people are printed for our own people only")
        if not set(self.usual_agenda) <= set(self.agenda):
            raise ValueError("the usual agenda holds lines of the agenda only")
        return self

    @property
    def layout(self) -> str:
        """The kind of material this frames."""
        return self.kind or self.channel.value

    def slot_of(self, code: str, kind: ModuleKind) -> Slot | None:
        """The first slot that takes the module."""
        return next((slot for slot in self.slots if slot.takes(code, kind)), None)

    def order_of(self, slot: str) -> int:
        """The place of a slot in the frame."""
        return [each.name for each in self.slots].index(slot)

    def to_json(self) -> dict[str, Any]:
        plain = self.model_dump(mode="json")
        if self.email is None:
            del plain["email"]
        return plain


def shipped(name: str) -> bytes:
    """The definition of a frame that comes with the program, e.g. ``brief.us``."""
    return (SHIPPED / f"{name}.yaml").read_bytes()


def shipped_names() -> list[str]:
    """Every frame that comes with the program, the brief first."""
    names = sorted(path.stem for path in SHIPPED.glob("*.yaml"))
    return sorted(names, key=lambda name: not name.startswith("brief."))


def read_frame(data: bytes, *, filename: str) -> Frame:
    """Read a frame from YAML; ``BadInput`` with every problem."""
    if len(data) > MAXIMUM_BYTES:
        raise reject(filename, "The file is larger than 200 kB.", code="too-large")
    try:
        plain = yaml.safe_load(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        message = f"This is not UTF-8 text (byte {error.start})."
        raise reject(filename, message, code="yaml") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark is not None else None
        message = f"This is not valid YAML: {getattr(error, 'problem', None) or 'unreadable'}."
        raise BadInput([Problem(filename, row, None, message, "yaml")]) from None
    except RecursionError:
        raise reject(filename, "The YAML is nested too deep.", code="yaml") from None
    if not isinstance(plain, Mapping):
        raise reject(filename, "A template is a list of 'key: value' lines.", code="yaml")
    return of_json(plain, filename=filename)


def of_json(plain: Mapping[str, Any], *, filename: str = "template") -> Frame:
    """A frame from plain data."""
    try:
        return Frame.model_validate(plain)
    except ValidationError as error:
        raise BadInput(
            Problem(
                filename,
                None,
                ".".join(map(str, problem["loc"])),
                problem["msg"].removeprefix("Value error, "),
                "template",
            )
            for problem in error.errors(include_url=False)
        ) from None
