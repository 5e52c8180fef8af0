"""A claim version as a reviewer reads it: wordings and evidence as text, scope as facts."""

from __future__ import annotations

from sqlalchemy.orm import Session

from claims_library.models import ClaimVersion
from mlr.comparing import Block, Reading


def reading(_session: Session, version: ClaimVersion) -> Reading:
    """The claim's own text, its variations, and the words of the label it rests on."""
    own = (version.code,)
    return Reading(
        blocks=(
            Block("p", version.text, own),
            *(Block("li", text, own) for text in version.variations),
            *(Block("p", f"Always with it: {text}") for text in version.qualifiers),
            Block("fn", version.excerpt, own),
        ),
        facts=(
            ("Type", version.type.label),
            ("Pillar", version.pillar.label),
            ("Indication", version.indication),
            ("Population", version.population),
            ("Companions", ", ".join(version.companions)),
            ("Audiences", ", ".join(version.audiences)),
            ("Channels", ", ".join(version.channels)),
            ("Markets", ", ".join(version.markets)),
            ("Reference", version.reference),
            ("Place in the label", version.locator.replace("_", " ")),
            ("Label", f"version {version.label_version.version}"),
            ("Valid from", f"{version.valid_from:%d %b %Y}"),
            ("Valid until", f"{version.valid_until:%d %b %Y}"),
        ),
    )
