"""What a bulk run is asked for, as plain data that is stored and signed with it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from accounts.queries import NONE, AccountFilter
from exports.ordering import Order
from records.problems import reject
from records.vocabulary import Phase, Role, Tier


@dataclass(frozen=True, slots=True)
class Wish:
    """One order for many accounts.

    ``accounts`` are the words of the accounts page (``tier=strategic state=WI,MN lakeside``);
    ``holder`` is the address of who receives every copy, empty for each territory's
    representative.
    """

    accounts: str
    roles: tuple[str, ...]
    product: str
    template: str = "brief"
    phase: str = ""
    meeting_date: str = ""
    agenda: tuple[str, ...] = ()
    like: str = ""
    format: str = "pdf"
    purpose: str = ""
    holder: str = ""

    def order(self, account: str, role: Role) -> Order:
        """The order of one document."""
        return Order(
            account=account,
            product=self.product,
            role=role,
            phase=Phase(self.phase) if self.phase else None,
            template=self.template,
            meeting_date=date.fromisoformat(self.meeting_date) if self.meeting_date else None,
            agenda=self.agenda,
            like=self.like,
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def of_json(plain: Mapping[str, Any]) -> Wish:
    """A stored wish."""
    lists = {name: tuple(plain[name]) for name in ("roles", "agenda")}
    return Wish(**{**plain, **lists})


_FACETS = ("tier", "phase", "state", "type")


def read_filter(text: str) -> AccountFilter:
    """Words like ``tier=strategic,key state=WI lakeside`` as a filter; ``BadInput`` for others.

    A value with a comma in it is said with two signs: ``"type==Clinic, private"``.
    """
    try:
        words = shlex.split(text)
    except ValueError as error:
        raise reject("--accounts", f"The filter cannot be read: {error}.", code="filter") from None
    free: list[str] = []
    chosen: dict[str, list[str]] = {name: [] for name in _FACETS}
    for word in words:
        name, equals, values = word.partition("=")
        if not equals:
            free.append(word)
        elif name == "text":
            free.append(values)
        elif name in chosen and values.startswith("="):
            chosen[name].append(values[1:])
        elif name in chosen:
            chosen[name] += [value.strip() for value in values.split(",") if value.strip()]
        else:
            known = ", ".join(_FACETS)
            raise reject("--accounts", f"There is no filter {name}; there are {known}.", code=name)
    return AccountFilter(
        text=" ".join(free),
        states=tuple(chosen["state"]),
        types=tuple(chosen["type"]),
        tiers=tuple(None if v == NONE else _word(Tier, v) for v in chosen["tier"]),
        phases=tuple(None if v == NONE else _word(Phase, v) for v in chosen["phase"]),
    )


def filter_words(narrowed: AccountFilter) -> str:
    """A filter as the words that ``read_filter`` reads."""
    words = [
        f"{name}={'=' if _needs_two(value or '') else ''}{value or NONE}"
        for name, values in narrowed.chosen.items()
        for value in values
    ]
    free = [f"text={word}" if "=" in word else word for word in narrowed.text.split()]
    return shlex.join([*words, *free])


def _needs_two(value: str) -> bool:
    """Whether one sign would part a value, or take its own for the second."""
    return "," in value or value.startswith("=")


def _word(of: Any, value: str) -> Any:
    if value not in list(of):
        known = ", ".join(each.value for each in of)
        raise reject("--accounts", f"{value} is none of {known}.", code="filter")
    return of(value)
