"""Fill an installation with a library of the size that real ones have, for the web benchmark.

    CLEARCOPY_HOME=FOLDER python -m benchmarks.web.filling [--modules 10000]

10,000 modules with three versions each, 40 people, 6 products with their claims and one more with
10,000, 7,000 accounts of which 200 have a brief of twelve modules, reviews, signatures and a trail
as the program would have left them:
hashes are those of the content, seals those of the installation's key, the trail is one chain
(``clearcopy trail verify`` says so). States are those of ``WORKLOAD.md``: of 10,000 modules 5,924
are approved, 981 approved with a newer draft, 1,563 drafts, and 1,532 in review: 642 wait for
everybody, 498 for legal and regulatory, 392 for regulatory alone.

Labels, claims, accounts and the template come in by the program's own operations; everything else
is inserted in bulk. The password of everybody is ``PASSWORD``, hashed at the least cost; addresses
are those of ``emails``. What a client needs to know is left in ``HOME/filling.json``.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from accounts import operations as accounts
from accounts.models import Account
from benchmarks.web import many_claims, texts
from benchmarks.web.ledger import Ledger, Paper, tables
from claims_library import operations as claims
from claims_library.models import Claim, ClaimVersion, LabelVersion, Product
from claims_library.review import CLAIMS
from cms.installation import Installation, create
from cms.settings import read_settings
from exports import frame, numbering, personalising, templating
from exports.models import Material, MaterialPart, MaterialVersion, Template
from exports.review import MATERIALS, TEMPLATES
from mlr.models import JobState, ReviewJob, ReviewTask, ReviewTier
from modules import content, jobs, notices
from modules.draft import ModuleDraft
from modules.models import Module, ModuleClaim, ModuleTag, ModuleVersion
from modules.module_file import collect, read_modules
from modules.review import MODULES
from records import clock
from records.actions import Action
from records.base import Base
from records.lifecycle import VersionState
from records.models import Person, PersonRole, PersonTerritory, Signature
from records.roles import StaffRole
from records.vocabulary import (
    Audience,
    Channel,
    Discipline,
    Market,
    ModuleKind,
    Phase,
    Pillar,
    Role,
    Tier,
)

DEMONSTRATION = Path(__file__).resolve().parents[2] / "cms" / "demonstration"
PASSWORD = "Lanterns-over-water-27"
SEED = 20261001
STATES = (
    *(("live", 5924), ("newer", 981), ("draft", 1563)),
    *(("medical", 642), ("legal", 498), ("regulatory", 392)),
)
SIGNED = {"medical": (), "legal": ("medical",), "regulatory": ("medical", "legal")}
TOWNS = (("Madison", "WI"), ("Chicago", "IL"), ("Duluth", "MN"), ("Toledo", "OH"))
CARE = ("academic cancer center", "integrated delivery network", "community oncology practice")
DAY = timedelta(days=1)
BATCH = 5000
_MANY = {"rep": 4, "writer": 8, "medical": 8, "legal": 8, "regulatory": 8}
S = VersionState


@dataclass(frozen=True)
class Sizes:
    """How much there is of everything."""

    modules: int = 10_000
    accounts: int = 7_000
    briefs: int = 200
    claims: int = 10_000  # of one product, beside the few of the others


@dataclass
class Fill:
    """What has been made so far."""

    place: Installation
    random: Random
    now: datetime
    sizes: Sizes
    people: dict[StaffRole, list[Person]] = field(default_factory=dict)
    rows: dict[type[Base], list[dict[str, Any]]] = field(default_factory=dict)
    ends: list[dict[str, Any]] = field(default_factory=list)
    # by product: claims that modules may use, companion modules, live modules
    claims: dict[str, list[ClaimVersion]] = field(default_factory=dict)
    evidence: dict[str, dict[str, ClaimVersion]] = field(default_factory=dict)
    companions: dict[str, dict[str, str]] = field(default_factory=dict)
    live: dict[str, list[ModuleVersion]] = field(default_factory=dict)
    known: dict[str, list[Any]] = field(default_factory=dict)
    ledger: Ledger = field(init=False)

    def add(self, table: type[Base], **values: Any) -> None:
        self.rows.setdefault(table, []).append(values)


def steps(place: Installation, sizes: Sizes) -> Iterator[str]:
    """Do everything, saying each step."""
    now = clock.now().replace(microsecond=0)
    made = Fill(place, Random(SEED), now, sizes)
    with clock.fixed(now - 900 * DAY), place.sessions.write() as session:
        _people(session, made)
        _import(session, made)
        yield f"{sum(map(len, made.people.values()))} people, labels, claims, accounts"
    with place.sessions.write() as session:
        made.ledger = Ledger(
            place.sessions.keyring,
            {
                Discipline.MEDICAL: made.people[StaffRole.MEDICAL],
                Discipline.LEGAL: made.people[StaffRole.LEGAL],
                Discipline.REGULATORY: made.people[StaffRole.REGULATORY],
            },
        )
        _approve_imported(session, made)
        yield "claims and template signed"
        many_claims.add(session, made, sizes.claims)
        _insert(session, made, (Claim, ClaimVersion))
        session.execute(update(Claim), made.ends)
        made.ends.clear()
        yield f"{sizes.claims:,} claims of one product"
        _modules(session, made, sizes.modules)
        _insert(session, made, (Module, ModuleVersion, ModuleTag, ModuleClaim))
        session.execute(update(Module), made.ends)
        yield f"{sizes.modules:,} modules"
        _briefs(session, made)
        _insert(session, made, (Material, MaterialVersion, MaterialPart))
        session.execute(text("UPDATE material SET latest_id = id, approved_id = id"))
        yield f"{len(made.rows[Material])} briefs"
        for table, rows in tables(made.ledger, session):
            made.rows[table] = rows
            _insert(session, made, (table,))
        yield f"{len(made.ledger.signatures):,} signatures, {len(made.ledger.events):,} steps"
        _sequences(session)
    with place.sessions.write() as session:
        many_claims.add_module(session, made)
    jobs.reindex_all(place.sessions)
    (place.settings.home / "filling.json").write_text(json.dumps(made.known), encoding="utf-8")
    yield "search index"


def _people(session: Session, made: Fill) -> None:
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    for role in StaffRole:
        made.people[role] = [
            Person(
                email=email,
                name=f"{role.value.capitalize()} {texts.NUMBERS[number - 1]}",
                password_hash=hashed,
                password_set_at=clock.now(),
                session_stamp=f"{role.value}{number}",
                created_at=clock.now(),
                role_rows=[PersonRole(role=role)],
                territory_rows=[
                    PersonTerritory(state=TOWNS[number - 1][1])
                    for _ in range(role is StaffRole.REP)
                ],
            )
            for number, email in enumerate(emails(role.value), start=1)
        ]
        session.add_all(made.people[role])
    session.flush()


def _import(session: Session, made: Fill) -> None:
    """The demonstration's label and claims under seven invented names, and the accounts."""
    librarian = made.people[StaffRole.LIBRARIAN][0]
    for brand, generic, prefix in (*texts.BRANDS, texts.OF_MANY_CLAIMS):
        for name, operation in (("label", claims.import_label), ("claims", claims.import_claims)):
            file = next(DEMONSTRATION.glob(f"{name}.*"))
            data = file.read_text(encoding="utf-8")
            for old, new in (("HALVORYN", brand), ("ostavatinib", generic), ("HAL-", f"{prefix}-")):
                data = data.replace(old, new).replace(old.upper(), new.upper())
            if name == "label":
                data = _other_set(data, prefix)
            operation(session, data.encode(), filename=file.name, actor=librarian)
    accounts.import_accounts(
        session,
        _accounts(made.random, made.sizes.accounts).encode(),
        filename="accounts.csv",
        actor=librarian,
    )
    templating.import_template(
        session, frame.shipped("brief.us"), filename="brief.us.yaml", actor=librarian
    )


def _other_set(data: str, prefix: str) -> str:
    """Each brand's label has a set id of its own."""
    label = json.loads(data)
    for result in label["results"]:
        found = result.get("openfda", {}).get("spl_set_id")
        old = found[0] if found else result["set_id"]
        data = data.replace(old, f"{old[:-3]}{prefix.lower()}")
    return data


def _accounts(random: Random, count: int) -> str:
    lines = ["account_id,name,type,city,state,beds,care_setting,tier,journey_phase"]
    for number in range(1, count + 1):
        town, state = TOWNS[number % len(TOWNS)]
        words = (
            *(f"ACC-{number:04d}", f"{town} Health System {number}", "health system", town, state),
            *(str(random.randint(60, 1200)), random.choice(CARE)),
            *(random.choice(list(Tier)).value, random.choice(list(Phase)).value),
        )
        lines.append(",".join(words))
    return "\n".join(lines) + "\n"


def _approve_imported(session: Session, made: Fill) -> None:
    at = made.now - 899 * DAY
    for cycle, table in ((CLAIMS, Claim), (TEMPLATES, Template)):
        for turn, thing in enumerate(session.scalars(select(table).order_by(table.id))):
            version = thing.latest
            paper = _paper(version, cycle, label=version.label, author=version.author)
            made.ledger.review(paper, at=at, turn=turn, state=JobState.APPROVED)
            version.state, version.major, version.minor = S.APPROVED, 1, 0
            version.approved_at = version.updated_at = at + 3 * DAY
            thing.approved = version
            if isinstance(version, ClaimVersion):
                made.evidence.setdefault(thing.product.brand, {})[thing.code] = version
                if {"brief", "email"} <= set(version.channels):
                    made.claims.setdefault(thing.product.brand, []).append(version)
    session.flush()


def _paper(version: Any, cycle: Any, *, label: str, author: Person) -> Paper:
    return Paper(
        kind=version.KIND,
        id=version.id,
        label=label,
        title=cycle.title(version),
        sha256=version.content_sha256,
        author=author,
        steps=cycle.steps,
        tier=ReviewTier(version.least_tier()),
    )


def _modules(session: Session, made: Fill, count: int) -> None:
    products = {row.brand: row for row in session.scalars(select(Product))}
    states = [state for state, share in STATES for _ in range(share)]
    made.random.shuffle(states)
    support = list(_support())
    for brand, drafts in support:
        made.companions[brand] = {draft.code.partition("-M-")[2]: draft.code for draft in drafts}
    first = [(brand, draft) for brand, drafts in support for draft in drafts]
    for number in range(1, count + 1):
        if number <= len(first):
            brand, draft = first[number - 1]
            _module(made, products[brand], number, "live", draft)
        else:
            brand = texts.BRANDS[number % len(texts.BRANDS)][0]
            draft = _draft(made, brand, f"MOD-{number:05d}", number)
            _module(made, products[brand], number, states[number % len(states)], draft)


def _support() -> Iterator[tuple[str, list[ModuleDraft]]]:
    """Each product's safety information, indication and footnotes."""
    for brand, generic, prefix in texts.BRANDS:
        files = {}
        for name, data in collect(DEMONSTRATION / "modules").items():
            words = data.decode().replace("HALVORYN", brand).replace("ostavatinib", generic)
            files[name] = words.replace("HAL-", f"{prefix}-").encode()
        drafts = read_modules(files).drafts.values()
        yield brand, [each for each in drafts if not each.code.rpartition("-")[2].isdigit()]


def _draft(made: Fill, brand: str, code: str, number: int) -> ModuleDraft:
    random = made.random
    used = random.sample(made.claims[brand], random.randint(1, 3))
    return ModuleDraft(
        code=code,
        brand=brand,
        title=texts.title(random, number),
        kind=ModuleKind.TEXT,
        body=texts.body(random, [each.code for each in used]),
        pillar=random.choice(list(Pillar)),
        phases=tuple(_some(random, Phase, 2)),
        roles=tuple(_some(random, Role, 3)),
        tiers=tuple(_some(random, Tier, 2)),
        channels=(Channel.BRIEF, Channel.EMAIL),
        market=Market.US,
        audience=Audience.HCP,
        requires=(),
        excludes=(),
        valid_until=(made.now + random.randint(30, 700) * DAY).date(),
    )


def _some(random: Random, words: Any, most: int) -> list[Any]:
    chosen = random.sample(list(words), random.randint(1, most))
    return [word for word in words if word in chosen]


def _module(made: Fill, product: Product, number: int, state: str, draft: ModuleDraft) -> None:
    """One module with its three versions, and what happened to them."""
    random = made.random
    writers = made.people[StaffRole.WRITER]
    author = writers[number % len(writers)]
    ages = [random.randint(200, 880), random.randint(60, 190), random.randint(7, 55)]
    if state in SIGNED:
        ages[2] = random.randint(0, 6)
    versions = []
    for place, age in enumerate(ages):
        at = made.now - age * DAY - timedelta(seconds=random.randint(3600, 80000))
        version = _version((number - 1) * 3 + place + 1, number, draft, author, at)
        if place:
            version.body += f"\n\n{texts.paragraph(random, random.sample(texts.TOPICS, 2), place)}"
        _settle(made, version, draft)
        versions.append(version)
    made.add(
        Module,
        id=number,
        code=draft.code,
        product_id=product.id,
        owner_id=author.id,
        created_at=versions[0].created_at,
    )
    approved = _history(made, versions, state, author, number)
    made.ends.append({"id": number, "latest_id": versions[-1].id, "approved_id": approved})
    for facet, value in notices.tags(versions[-1]):
        made.add(ModuleTag, module_id=number, facet=facet, value=str(value))
    if state == "live":
        made.live.setdefault(product.brand, []).append(versions[-1])
    made.known.setdefault(state, []).append(draft.code)
    for version in versions:
        made.rows.setdefault(ModuleVersion, []).append(_values(version))
        for id in sorted({pin["version"] for pin in version.pins}):
            made.add(ModuleClaim, module_version_id=version.id, claim_version_id=id)


def _version(
    id: int,
    module_id: int,
    draft: ModuleDraft,
    author: Person,
    at: datetime,
) -> ModuleVersion:
    version = ModuleVersion(
        id=id,
        module_id=module_id,
        author_id=author.id,
        created_at=at,
        updated_at=at,
        revision=1,
        approved_at=None,
        ended_at=None,
    )
    draft.write_to(version)
    return version


def _settle(made: Fill, version: ModuleVersion, draft: ModuleDraft) -> None:
    """Pins, companions and hash as ``modules.pinning`` would write them."""
    found = made.evidence[draft.brand]
    refs = dict.fromkeys(content.claim_refs(version.body))
    version.pins = [
        {
            "claim": ref.claim,
            "variation": ref.variation,
            "version": found[ref.claim].id,
            "sha256": found[ref.claim].content_sha256,
        }
        for ref in refs
    ]
    wanted = {name for ref in refs for name in found[ref.claim].companions}
    codes = made.companions[draft.brand]
    version.companions = sorted({codes[name] for name in wanted} - {draft.code})
    version.seal_content()


def _history(
    made: Fill, versions: Sequence[ModuleVersion], state: str, author: Person, turn: int
) -> int | None:
    """Give the versions their states and numbers, with the reviews that led there."""
    approved: ModuleVersion | None = None
    for place, version in enumerate(versions):
        last = place == len(versions) - 1
        version.major, version.minor = (approved.major if approved else 0), 1
        if approved is None:
            version.minor = place + 1
        note = Action.MODULE_CREATE
        made.ledger.note(
            version.created_at,
            note,
            author,
            version.subject,
            after={"content_sha256": version.content_sha256},
        )
        if last and state in ("newer", "draft"):
            version.state = S.DRAFT
        elif last and state in SIGNED:
            version.state = S.IN_REVIEW
            paper = _paper(version, MODULES, label=version.label, author=author)
            at = min(version.created_at, made.now - timedelta(hours=9))
            made.ledger.review(paper, at=at, turn=turn, state=JobState.OPEN, signed=SIGNED[state])
        elif state in ("live", "newer"):
            _approve(made, version, approved, author, turn)
            approved = version
        else:
            paper = _paper(version, MODULES, label=version.label, author=author)
            made.ledger.review(paper, at=version.created_at, turn=turn, state=JobState.REJECTED)
            version.state, version.updated_at = S.REJECTED, version.created_at + 2 * DAY
    return approved.id if approved else None


def _approve(
    made: Fill, version: ModuleVersion, former: ModuleVersion | None, author: Person, turn: int
) -> None:
    draft = version.label
    paper = _paper(version, MODULES, label=draft, author=author)
    made.ledger.review(paper, at=version.created_at, turn=turn, state=JobState.APPROVED)
    at = version.created_at + 3 * DAY
    people = made.people[StaffRole.REGULATORY]
    by = people[turn % len(people)]
    version.state, version.major, version.minor = S.APPROVED, version.major + 1, 0
    version.approved_at = version.updated_at = at
    if former is not None:
        former.state, former.ended_at, former.updated_at = S.SUPERSEDED, at, at
        after = {"by": version.label}
        made.ledger.note(at, Action.MODULE_SUPERSEDE, by, former.subject, after=after)
    made.ledger.note(
        at,
        Action.MODULE_APPROVE,
        by,
        version.subject,
        before={"version": draft},
        after={"version": version.label, "content_sha256": version.content_sha256},
    )


def _briefs(session: Session, made: Fill) -> None:
    template = session.scalars(select(Template)).one().approved
    labels = {each.product.brand: each for each in session.scalars(select(LabelVersion))}
    ends = {
        each.id: each.valid_until for found in made.evidence.values() for each in found.values()
    }
    some = select(Account).order_by(Account.id).limit(made.sizes.briefs)
    for id, account in enumerate(session.scalars(some), start=1):
        brand = texts.BRANDS[id % len(texts.BRANDS)][0]
        role = list(Role)[id % 3]
        fit = [
            each
            for each in made.live[brand]
            if role in each.roles and account.tier in each.tiers and each.code[-5:].isdigit()
        ]
        chosen = made.random.sample(fit, min(9, len(fit)))
        names = {"IND", *(n for each in chosen for n in _names(each))}
        by_code = {each.code: each for each in made.live[brand]}
        parts = []
        for name, slot in (("IND", "indication"), (None, "messages"), *_tail(names)):
            held = chosen if name is None else [by_code[made.companions[brand][name]]]
            parts += [(each, slot, held is not chosen and name != "IND") for each in held]
        _brief(made, id, account, role, parts, labels[brand], template, ends)


def _names(version: ModuleVersion) -> list[str]:
    return [code.partition("-M-")[2] for code in version.companions]


def _tail(names: set[str]) -> list[tuple[str, str]]:
    notes = [(name, "footnotes") for name in sorted(names) if name.startswith("FN-")]
    return [*notes, ("ISI", "safety")]


def _brief(
    made: Fill,
    id: int,
    account: Account,
    role: Role,
    parts: Sequence[tuple[ModuleVersion, str, bool]],
    label: LabelVersion,
    template: Any,
    ends: dict[int, Any],
) -> None:
    writers = made.people[StaffRole.WRITER]
    author = writers[id % len(writers)]
    at = made.now - 5 * DAY + timedelta(minutes=id)
    facts = personalising.facts_of(account)
    code, brand = f"BRF-{id:04d}", label.product.brand
    pins = [pin["version"] for each, _, _ in parts for pin in each.pins]
    version = MaterialVersion(
        id=id,
        material_id=id,
        template_version_id=template.id,
        label_version_id=label.id,
        code=code,
        title=f"{brand} for {facts['name']}",
        frame={
            "role": role.value,
            "phase": account.journey_phase.value if account.journey_phase else "discovery",
            "tier": account.tier.value if account.tier else "growth",
            "market": "US",
            "audience": "hcp",
            "channel": "brief",
            "brand": brand,
            "template": template.label,
            "template_sha256": template.content_sha256,
            "label": f"{label.set_id} v{label.version}",
            "meeting_date": "",
        },
        facts=facts,
        tokens=personalising.values_of(facts, None, ()),
        parts=[
            {
                "module": each.code,
                "version": each.id,
                "sha256": each.content_sha256,
                "slot": slot,
                "tied_to": parts[1][0].code if tied else "",
            }
            for each, slot, tied in parts
        ],
        free_text="",
        prepared_on=at.date(),
        valid_until=min(
            template.valid_until,
            *(each.valid_until for each, _, _ in parts),
            *(ends[pin] for pin in pins if pin in ends),
        ),
        validity_code=numbering.new_validity_code(),
        author_id=author.id,
        created_at=at,
        updated_at=at + DAY,
        major=0,
        minor=1,
        state=S.APPROVED,
        revision=1,
        approved_at=None,
        ended_at=None,
    )
    version.seal_content()
    made.ledger.note(at, Action.MATERIAL_ASSEMBLE, author, version.subject)
    paper = _paper(version, MATERIALS, label=version.label, author=author)
    made.ledger.review(paper, at=at, turn=id, state=JobState.APPROVED)
    version.major, version.minor, version.approved_at = 1, 0, at + DAY
    made.add(
        Material,
        id=id,
        code=code,
        product_id=label.product_id,
        account_id=account.id,
        role=role,
        phase=Phase(version.frame["phase"]),
        market=Market.US,
        audience=Audience.HCP,
        channel=Channel.BRIEF,
        owner_id=author.id,
        created_at=at,
    )
    made.rows.setdefault(MaterialVersion, []).append(_values(version))
    for each in {part.id for part, _, _ in parts}:
        made.add(MaterialPart, material_version_id=id, module_version_id=each)


def _values(version: Any) -> dict[str, Any]:
    return {column.key: getattr(version, column.key) for column in version.__mapper__.column_attrs}


def _insert(session: Session, made: Fill, names: Sequence[type[Base]]) -> None:
    for name in names:
        rows = iter(made.rows.get(name, ()))
        while batch := list(islice(rows, BATCH)):
            session.execute(insert(name.__table__), batch)


def _sequences(session: Session) -> None:
    """Where ids come from sequences, go on counting after the rows that brought their own."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in (
        Claim,
        ClaimVersion,
        Module,
        ModuleVersion,
        Material,
        MaterialVersion,
        Signature,
        ReviewJob,
        ReviewTask,
    ):
        highest = select(func.max(table.id)).scalar_subquery()
        name = func.pg_get_serial_sequence(table.__tablename__, "id")
        session.execute(select(func.setval(name, highest)))


def emails(role: str) -> list[str]:
    """Addresses of the people who hold a role."""
    return [f"{role}{number}@example.org" for number in range(1, _MANY.get(role, 1) + 1)]


def fill(home: Path, *, sizes: Sizes, say: Callable[[str], object] = print) -> None:
    """Fill a new installation in an empty folder, or in the database the environment names."""
    settings = read_settings().model_copy(update={"home": home})
    with clock.fixed(clock.now() - 901 * DAY):
        place, made = create(settings)
    if not made:
        raise FileExistsError(f"{home} holds an installation already.")
    began = time.monotonic()
    for step in steps(place, sizes):
        say(f"{time.monotonic() - began:6.1f} s  {step}")
    place.engine.dispose()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--modules", type=int, default=10_000, help="how many (default: 10,000)")
    fill(read_settings().home, sizes=Sizes(modules=parser.parse_args().modules))
    return 0


if __name__ == "__main__":
    sys.exit(main())
