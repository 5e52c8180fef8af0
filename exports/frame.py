"""The frame of a material: which slots it has, in which order, and what may stand in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from records.problems import BadInput, Problem, reject
from records.vocabulary import Channel, Market, ModuleKind, Pillar

SHIPPED = Path(__file__).with_name("frames")
MAXIMUM_BYTES = 200_000


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


class Frame(BaseModel):
    """A template's frame as its file says it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^[A-Z][A-Z0-9-]{2,39}$")
    title: str
    channel: Channel
    market: Market
    valid_until: date
    page_size: Literal["letter", "a4"] = "letter"
    material_prefix: str = Field(pattern=r"^[A-Z]{2,5}$")
    title_pattern: str
    most_messages: int = 12
    # the lines an agenda may be put together from, approved with the template
    agenda: tuple[str, ...] = ()
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

    def slot_of(self, code: str, kind: ModuleKind) -> Slot | None:
        """The first slot that takes the module."""
        return next((slot for slot in self.slots if slot.takes(code, kind)), None)

    def order_of(self, slot: str) -> int:
        """The place of a slot in the frame."""
        return [each.name for each in self.slots].index(slot)

    def to_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json")


def shipped(name: str) -> bytes:
    """The definition of a frame that comes with the program, e.g. ``brief.us``."""
    return (SHIPPED / f"{name}.yaml").read_bytes()


def read_frame(data: bytes, *, filename: str) -> Frame:
    """Read a frame from YAML; ``BadInput`` with every problem."""
    if len(data) > MAXIMUM_BYTES:
        raise reject(filename, "The file is larger than 200 kB.", code="too-large")
    try:
        plain = yaml.safe_load(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise reject(filename, f"This is not valid YAML: {error}.", code="yaml") from None
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
