"""One installation: its database, keys and files, opened from the settings."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect

from claims_library.keeping import LibraryStore
from cms.settings import Settings, UnsafeSettings
from exports.brand import Brand
from exports.brand_file import read_brand
from exports.copies import Press
from exports.mail.delivering import Mailer
from modules import jobs
from modules.search_engines import EmbeddedSearch
from records import audit, keys, migrating
from records.actions import Action
from records.certificates import CertificateUnusable, Certified, read_certificate
from records.database import Sessions, make_engine
from records.files import FileStore

if TYPE_CHECKING:
    from records.queue import Queue

JOBS = (
    "modules.jobs",
    "exports.extent",
    "exports.jobs",
    "exports.renditions",
    "exports.mail.colleagues",
    "exports.mail.jobs",
    "exports.bulk.jobs",
    "exports.recalls.jobs",
)
ROOMS = ("records", "mlr", "claims_library", "modules", "accounts", "exports")


@dataclass(frozen=True)
class Installation:
    """Everything the roof needs to work on one installation."""

    settings: Settings
    engine: Engine
    sessions: Sessions

    @property
    def press(self) -> Press:
        return _press(self.settings)

    def queue(self, *, carry_out: Callable[[int], object] | None = None) -> Queue:
        """The queue; ``carry_out`` is what a worker does with the number of an errand."""
        from records.queue import open_queue

        return open_queue(self.settings.url, self.settings.home, carry_out=carry_out)


def load_tables() -> None:
    """Import every room's tables and jobs, so that the metadata and the outbox are whole."""
    for room in ROOMS:
        importlib.import_module(f"{room}.models")
    for jobs_of in JOBS:
        importlib.import_module(jobs_of)


def open_installation(settings: Settings) -> Installation:
    """Open what ``create`` made.

    Raises ``keys.KeyMissing``, ``migrating.NotInstalled``, ``migrating.OtherRevision`` or
    ``UnsafeSettings``, each saying what to do.
    """
    keyring = _keyring(settings, keys.load(settings.home / "keys"))
    load_tables()
    engine = make_engine(settings.url)
    migrating.check(engine)
    return Installation(settings, engine, _sessions(settings, engine, keyring))


def create(settings: Settings) -> tuple[Installation, bool]:
    """Make an installation, or complete one; the answer says whether anything was made.

    A database of an earlier version is brought to the newest revision.
    """
    folder = settings.home / "keys"
    made = not (folder / keys.PRIVATE_NAME).exists()
    keyring = _keyring(settings, keys.create(folder) if made else keys.load(folder))
    load_tables()
    engine = make_engine(settings.url)
    sessions = _sessions(settings, engine, keyring)
    if not inspect(engine).has_table("audit_row"):
        migrating.upgrade(engine)
        with sessions.write() as session:
            audit.record(
                session,
                Action.INSTALLATION_CREATE,
                actor=None,
                subject=("installation", 1, keyring.key_id),
                after={"key": keyring.key_id},
            )
        made = True
    else:
        migrating.upgrade(engine)
    _install_queue(settings)
    if made:
        jobs.reindex_all(sessions)  # searching an empty library is no error
    return Installation(settings, engine, sessions), made


def _install_queue(settings: Settings) -> None:
    from records.queue import install

    install(settings.url)


def _keyring(settings: Settings, own: keys.Keyring) -> keys.Keyring:
    """The installation's key with the company's certificate, where the settings name one."""
    return replace(own, certificate=_certificate(settings)) if settings.certificate else own


def _certificate(settings: Settings) -> Certified:
    try:
        return read_certificate(
            Path(settings.certificate), settings.certificate_password.get_secret_value()
        )
    except CertificateUnusable as problem:
        raise UnsafeSettings(f"CLEARCOPY_CERTIFICATE cannot be used: {problem}") from None


def _press(settings: Settings) -> Press:
    address = tuple(part.strip() for part in settings.postal_address.split(";") if part.strip())
    usual = Brand(settings.company or "Clearcopy", address=address)
    brand = _brand(settings.home / "brand", usual)
    return Press(brand, settings.base_url, settings.home / "plates")


def _brand(folder: Path, usual: Brand) -> Brand:
    """The company's look; read again when a file of its folder has changed."""
    changed = max((path.stat().st_mtime_ns for path in folder.rglob("*")), default=0)
    return _brand_of(folder, usual, changed)


@lru_cache(maxsize=4)
def _brand_of(folder: Path, usual: Brand, _changed: int) -> Brand:
    return read_brand(folder, otherwise=usual)


def _rules(folder: Path) -> tuple[str, ...]:
    """The company's own rule packs; with one that cannot be used nothing starts."""
    if not folder.is_dir():
        return ()
    from claims_library.rules.loading import BadPack, own_packs

    try:
        return own_packs(folder)
    except BadPack as problem:
        raise UnsafeSettings(f"{folder}: {problem}") from None


def _mailer(settings: Settings) -> Mailer:
    return Mailer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
        sender=settings.smtp_from,
        starttls=settings.smtp_starttls,
        per_minute=settings.smtp_per_minute,
    )


def _sessions(settings: Settings, engine: Engine, keyring: keys.Keyring) -> Sessions:
    return Sessions(
        engine,
        keyring,
        files=FileStore(settings.home / "files"),
        search=EmbeddedSearch(settings.home / "search"),
        press=_press(settings),
        mailer=_mailer(settings),
        rules=_rules(settings.home / "rules"),
        libraries=LibraryStore(settings.home / "compiled", keyring),
    )
