"""What a request may carry: numbers and text that the database can hold.

Anything else is an address or a form that no page of ours makes. It is refused before a view sees
it, on both databases alike, instead of failing in one of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter, Map

# an Integer column of PostgreSQL
LARGEST = 2**31 - 1
_NUL = "A character with the code 0 was sent, which no text may hold. Nothing was changed."


class Number(IntegerConverter):
    """A number in an address; nothing has one that no row can have."""

    def __init__(self, map: Map) -> None:  # noqa: A002 - the name that Werkzeug gives
        super().__init__(map, max=LARGEST)


class Fields(ImmutableMultiDict[str, Any]):
    """Fields of a form or an address; a number that no column holds was not given."""

    def get(  # type: ignore[override]  # the overloads of the class above say the same
        self, key: str, default: Any = None, type: Any = None
    ) -> Any:
        """The first value as ``type``; the default when there is none or it cannot be that."""
        value = super().get(key, default, type)
        too_large = type is int and isinstance(value, int) and abs(value) > LARGEST
        return default if too_large else value


class Carried(Request):
    """A request whose fields are ``Fields``."""

    parameter_storage_class = Fields


def install(app: Flask) -> None:
    """Hold every request to it; before the first address is added."""
    app.request_class = Carried
    app.url_map.converters["int"] = Number
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    if any("\0" in text for text in _texts()):
        abort(400, _NUL)


def _texts() -> Iterable[str]:
    yield request.path
    for fields in (request.args, request.form):
        for name, values in fields.lists():
            yield name
            yield from values
