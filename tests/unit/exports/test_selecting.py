"""A proposal never breaks the rules that the composer would hold it to."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from exports import rules, selecting
from exports.frame import read_frame, shipped
from exports.selecting import Wanted
from modules.models import ModuleVersion
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

FRAME = read_frame(shipped("brief.us"), filename="brief.us.yaml")
WANTED = Wanted(
    Market.US, Audience.HCP, Channel.BRIEF, Role.SITE_LEADERSHIP, Phase.DISCOVERY, Tier.GROWTH
)
CODES = [f"X-M-{number:03}" for number in range(8)] + ["X-M-IND", "X-M-ISI"]
KINDS = [ModuleKind.TEXT, ModuleKind.CALLOUT, ModuleKind.FAQ, ModuleKind.TABLE]


def module(
    code: str, kind: ModuleKind, pillar: Pillar, requires: set[str], excludes: set[str]
) -> ModuleVersion:
    return ModuleVersion(
        id=CODES.index(code),
        code=code,
        kind=kind,
        pillar=pillar,
        roles=list(Role),
        phases=list(Phase),
        tiers=list(Tier),
        requires=sorted(requires - {code}),
        excludes=sorted(excludes - {code} - requires),
        companions=[],
        content_sha256="",
        valid_until=date(2028, 1, 1),
    )


@st.composite
def libraries(draw: st.DrawFn) -> list[ModuleVersion]:
    made = []
    some = st.sets(st.sampled_from(CODES), max_size=2)
    for code in draw(st.lists(st.sampled_from(CODES[:-2]), unique=True)):
        kind, pillar = draw(st.sampled_from(KINDS)), draw(st.sampled_from(Pillar))
        made.append(module(code, kind, pillar, draw(some), draw(some)))
    made.append(module("X-M-IND", ModuleKind.TEXT, Pillar.OPERATIONAL_FIT, {"X-M-ISI"}, set()))
    made.append(module("X-M-ISI", ModuleKind.ISI, Pillar.SAFETY_ADMINISTRATION, set(), draw(some)))
    return made


@given(libraries())
def test_a_proposal_can_be_assembled_as_it_is(library: list[ModuleVersion]) -> None:
    found = selecting.offers(library, {}, WANTED, FRAME)
    codes = [offer.version.code for offer in selecting.proposed(found, FRAME)]
    usable = {version.code: version for version in library}
    assembly = rules.assemble(codes, usable.get, FRAME)
    assert {objection.code for objection in assembly.objections} <= {"slot-empty"}
    if "X-M-IND" in codes:
        assert assembly.objections == ()
    assert codes == [
        offer.version.code for offer in selecting.proposed(found, FRAME)
    ]  # and it is the same every time
