"""The files of a chunk: from plates where the texts fit their slots, in full where they do not."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from exports import document as tree
from exports import formats
from exports.building import account_of, approval_of, build, copy_of
from exports.bulk.casting import make_plate
from exports.bulk.faces import Unfit
from exports.bulk.flowing import paragraphs, with_values
from exports.bulk.models import BulkDocument
from exports.bulk.plate import Plate
from exports.bulk.plate_store import PlateStore
from exports.bulk.slots import Slots, blank, slots_of
from exports.copies import Press
from exports.jobs import HOPELESS
from exports.models import ControlledCopy, MaterialVersion
from exports.sealing import TextLost
from mlr.standing import approvals
from records.database import keyring_of
from records.errors import DomainError
from records.keys import Keyring

PLATE, FULL = "plate", "full"
_PLATES = 24  # kept in a process: a plate is 150 kB and what was read from it


@dataclass(frozen=True, slots=True)
class Sheet:
    """One numbered document, with its rows."""

    document: BulkDocument
    version: MaterialVersion
    copy: ControlledCopy


@dataclass(frozen=True, slots=True)
class Made:
    """One file, or why there is none."""

    document_id: int
    number: int
    label: str
    data: bytes = b""
    way: str = ""
    failure: str = ""


class PressRoom:
    """Makes the files of a chunk; what cannot be printed says why and stops no other."""

    def __init__(self, session: Session, press: Press, sheets: Sequence[Sheet]) -> None:
        self.press, self.keyring = press, keyring_of(session)
        self.trees = _Trees(session, press, sheets)

    def make(self, sheet: Sheet) -> Made:
        """The file of one sheet."""
        label = f"copy {sheet.copy.number} of {sheet.version.label}"
        try:
            document = self.trees.of(sheet)
            data, way = print_one(document, press=self.press, keyring=self.keyring)
        except (*HOPELESS, TextLost, NoLongerApproved) as problem:
            reason = str(problem)[:500]
            return Made(sheet.document.id, sheet.copy.number, label, failure=reason)
        return Made(sheet.document.id, sheet.copy.number, label, data, way)


def print_one(document: tree.Document, *, press: Press, keyring: Keyring) -> tuple[bytes, str]:
    """The sealed file of a document and how it was made."""
    if keyring.certificate is not None:  # plates carry no signature of a certificate
        return formats.get("pdf").issue(document, press.brand, keyring), FULL
    try:
        slots = slots_of(document, press.brand.page_size)
        plate = _plate_for(document, slots, press, keyring)
        return plate.filled(document, slots, keyring=keyring), PLATE
    except Unfit:
        return formats.get("pdf").issue(document, press.brand, keyring), FULL


# a layout that has no plate is known too, with the reason
_Held = tuple[tree.Document, Plate | Unfit]
_plates: OrderedDict[tuple[object, ...], list[_Held]] = OrderedDict()


def plate_of(document: tree.Document, press: Press, keyring: Keyring) -> Plate:
    """The plate of a document's layout, made at its first document; ``Unfit`` if it has none."""
    return _plate_for(document, slots_of(document, press.brand.page_size), press, keyring)


def _plate_for(document: tree.Document, slots: Slots, press: Press, keyring: Keyring) -> Plate:
    key = (press.brand, *slots.shape, document.kind, document.role, len(document.blocks))
    constant = blank(document)
    known = _plates.get(key, [])
    held = next((each for of, each in known if of == constant), None)
    if held is None:
        held = _found_or_made(document, constant, slots, press, keyring)
        _plates[key] = [*known, (constant, held)][-4:]
        while len(_plates) > _PLATES:
            _plates.popitem(last=False)
    _plates.move_to_end(key)
    if isinstance(held, Unfit):
        raise held
    return held


def _found_or_made(
    document: tree.Document, constant: tree.Document, slots: Slots, press: Press, keyring: Keyring
) -> Plate | Unfit:
    store = None if press.plates is None else PlateStore(press.plates, keyring)
    if store and (plate := store.get(constant, slots, press.brand)):
        return plate
    try:
        plate = make_plate(document, brand=press.brand)
    except Unfit as why:
        return why
    if store:
        store.put(plate, press.brand)
    return plate


class NoLongerApproved(DomainError):
    """A version lost its approval between its number and its file."""


class _Trees:
    """Document trees of a chunk: built once for each set of parts, the account's facts put in."""

    def __init__(self, session: Session, press: Press, sheets: Sequence[Sheet]) -> None:
        self.session, self.press = session, press
        self._built: dict[object, tuple[tree.Document, bool]] = {}
        self._standing = approvals(session, [sheet.version for sheet in sheets])

    def of(self, sheet: Sheet) -> tree.Document:
        version, copy = sheet.version, sheet.copy
        standing = self._standing[version.id]
        if not standing.holds:
            raise NoLongerApproved(str(standing.objection))
        key = _constant(version)
        if key not in self._built:
            built = build(self.session, version, base_url=self.press.base_url, copy=copy)
            self._built[key] = (built, _fills(built))
        like, flows = self._built[key]
        if not flows:
            return build(self.session, version, base_url=self.press.base_url, copy=copy)
        address = f"{self.press.base_url.rstrip('/')}/v/{version.validity_code}"
        values = sorted(version.tokens.items())
        return replace(
            like,
            code=version.code,
            title=version.title,
            account=account_of(version),
            blocks=with_values(like.blocks, version.tokens.__getitem__),
            tokens=tuple(tree.TokenValue(name, value) for name, value in values),
            approvals=tuple(approval_of(each) for each in standing.signatures),
            copy=copy_of(copy),
            validity=tree.Validity(address, version.validity_code),
        )


def _fills(document: tree.Document) -> bool:
    """Whether all that differs between accounts can be put into a tree that was built once."""
    try:
        paragraphs(document)
    except Unfit:
        return False
    return True


def _constant(version: MaterialVersion) -> object:
    """What versions of one tree have in common."""
    parts = tuple((part["module"], part["version"], part["sha256"]) for part in version.parts)
    frame = {name: str(value) for name, value in version.frame.items()}
    return (
        parts,
        tuple(sorted(frame.items())),
        version.template_version_id,
        version.valid_until,
        version.prepared_on,
        version.version,
    )
