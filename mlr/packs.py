"""Market packs: which disciplines a market demands, by when, and what their signatures mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from mlr.models import ReviewTier, Verdict
from records.errors import Objection, Refused
from records.vocabulary import Discipline, Market

_FOLDER = Path(__file__).with_name("market_packs")


@dataclass(frozen=True)
class MarketPack:
    """One market's review rules.

    ``meanings`` maps a verdict to one sentence, or to one for each discipline.
    """

    code: str
    version: str
    market: Market
    disciplines: tuple[Discipline, ...]
    t1: tuple[Discipline, ...]
    due_days: int
    meanings: Mapping[Verdict, str | Mapping[Discipline, str]]

    @property
    def name(self) -> str:
        return f"{self.code} {self.version}"

    def demands(self, tier: ReviewTier) -> tuple[Discipline, ...]:
        """The disciplines that must sign at this review tier."""
        return self.t1 if tier is ReviewTier.T1 else self.disciplines

    def meaning(self, verdict: Verdict, discipline: Discipline, *, deputy_of: str = "") -> str:
        """The sentence a signature stands for; ``deputy_of`` names for whom a deputy signs."""
        meaning = self.meanings[verdict]
        said = meaning if isinstance(meaning, str) else meaning[discipline]
        return f"{said} Signed as deputy of {deputy_of}." if deputy_of else said


@cache
def pack(market: Market | str) -> MarketPack:
    """The pack of a market; ``Refused`` when this installation has none."""
    path = _FOLDER / f"{Market(market).value.lower()}.yaml"
    if not path.exists():
        raise Refused(
            [
                Objection(
                    "no-market-pack",
                    f"There is no market pack for {Market(market).label}, so nothing can be "
                    "reviewed for it.",
                )
            ]
        )
    return _read(yaml.safe_load(path.read_text(encoding="utf-8")))


def markets() -> tuple[Market, ...]:
    """Markets this installation can review for."""
    return tuple(market for market in Market if (_FOLDER / f"{market.lower()}.yaml").exists())


def _read(data: Mapping[str, Any]) -> MarketPack:
    meanings: dict[Verdict, str | Mapping[Discipline, str]] = {}
    for verdict, meaning in data["meanings"].items():
        meanings[Verdict(verdict)] = (
            meaning
            if isinstance(meaning, str)
            else {Discipline(name): sentence for name, sentence in meaning.items()}
        )
    return MarketPack(
        code=data["code"],
        version=data["version"],
        market=Market(data["market"]),
        disciplines=tuple(Discipline(name) for name in data["disciplines"]),
        t1=tuple(Discipline(name) for name in data["t1"]),
        due_days=int(data["due_days"]),
        meanings=meanings,
    )
