"""A version as it will be read, without marks of what changed: safe HTML for the review room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup
from sqlalchemy.orm import Session

from claims_library.models import ClaimVersion
from cms.kinds import CYCLES
from exports.markup import body_html
from exports.models import MaterialVersion
from exports.nodes import build_nodes
from exports.validity import part_versions
from mlr.comparing import Block
from modules import content
from modules.models import ModuleVersion
from modules.pinning import pinned_claims
from records.errors import Refused
from records.versions import Versioned

_TAGS = {"h2": "h2", "h3": "h3"}


def sheet(session: Session, version: Versioned) -> Markup:
    """The text of any kind of version; modules and materials as they print."""
    if isinstance(version, ModuleVersion):
        return _module(version, pinned_claims(session, [version]), {})
    if isinstance(version, MaterialVersion):
        return Markup("\n").join(_parts(session, version))
    return _plain(CYCLES[version.KIND].reading(session, version).blocks)


def _parts(session: Session, version: MaterialVersion) -> Iterator[Markup]:
    modules = part_versions(session, version)
    claims = pinned_claims(session, modules.values())
    for part in version.parts:
        module = modules.get(part["version"])
        if module is not None:
            yield Markup('<p class="b-row">{}</p>').format(module.label)
            yield _module(module, claims, version.tokens)


def _module(
    version: ModuleVersion, claims: Mapping[int, ClaimVersion], values: Mapping[str, str]
) -> Markup:
    wordings = {
        (pin["claim"], pin["variation"]): claims[pin["version"]].wording(pin["variation"])
        for pin in version.pins
        if pin["version"] in claims
    }
    fields = {name: values.get(name) or f"[{name}]" for name in content.field_names(version.body)}
    try:
        nodes = build_nodes(content.parse(version.body), claim_text=wordings, values=fields)
    except Refused:
        # what cannot be printed can still be read; the checks beside it say what is wrong
        return _plain(CYCLES[version.KIND].reading(_session_of(version), version).blocks)
    return body_html(nodes, "body")


def _session_of(version: ModuleVersion) -> Session:
    session = Session.object_session(version)
    if session is None:
        raise LookupError(f"{version.label} belongs to no session")
    return session


def _plain(blocks: Sequence[Block]) -> Markup:
    return Markup("\n").join(
        Markup("<{0} class='b-{1}'>{2}</{0}>").format(
            _TAGS.get(block.kind, "p"), block.kind, block.text
        )
        for block in blocks
    )
