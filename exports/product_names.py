"""A product's established name and dosage form as they are printed beside the brand (R-101).

Label files give them in capitals and in the order of a register: RIBOCICLIB, TABLET, FILM COATED.
"""

from __future__ import annotations

# forms of which one takes several; the others have no plural in this place
_COUNTED = frozenset(["tablet", "capsule", "pellet", "suppository", "patch", "film", "lozenge"])


def established_name(generic: str) -> str:
    """In small letters if the source has capitals only; a suffix such as -nxki keeps its place."""
    return generic.lower() if generic == generic.upper() else generic


def form_in_words(form: str) -> str:
    """``TABLET, FILM COATED`` as tablets, ``INJECTION, SOLUTION`` as injection."""
    if form != form.upper():
        return form
    name = form.split(",", 1)[0].strip().lower()
    if name not in _COUNTED:
        return name
    return (
        f"{name[:-1]}ies" if name.endswith("y") else f"{name}{'es' if name.endswith('ch') else 's'}"
    )
