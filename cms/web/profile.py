"""One's own page: what one may do."""

from __future__ import annotations

from flask import Blueprint, render_template

from cms.pages import Open, page, viewer
from records.roles import ROLES, SENTENCES

blueprint = Blueprint("profile", __name__)


@page(blueprint, "/profile", permission=Open.SIGNED_IN)
def show() -> str:
    """Name, roles with what they allow, territory."""
    me = viewer()
    values = {
        "name": me.name,
        "email": me.email,
        "roles": [
            (role.value.capitalize(), "; ".join(SENTENCES[each] for each in sorted(ROLES[role])))
            for role in sorted(me.roles)
        ],
        "territory": ", ".join(sorted(me.territory)),
        "typed": {"zone": me.zone, "theme": None, "single_keys": True},
        "zones": [],
        "errors": {},
        "rules": "",
        "password_url": None,
        "save_url": None,
    }
    return render_template("pages/profile/show.html", page=values)
