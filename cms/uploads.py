"""Files brought to an import page: tried first, kept for an hour, imported when confirmed.

A kept file lies in ``uploads`` under the hash of its bytes and of who brought it, so that nobody
can confirm what another person brought, or anything but the bytes that were tried.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from dataclasses import dataclass
from pathlib import Path

from flask import request

from cms.pages import place, viewer
from records.problems import reject

KEPT_SECONDS = 3600
_KEY = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Upload:
    """A file somebody brought; ``key`` is its name while it waits to be confirmed."""

    name: str
    data: bytes
    key: str


def brought(field: str = "file") -> Upload:
    """The file of this request, or the one tried before; ``BadInput`` when there is neither."""
    if key := request.form.get("key"):
        return _kept(key)
    sent = request.files.get(field)
    if sent is None or not sent.filename:
        raise reject("no file", "Choose a file first.", code="no-file")
    name = Path(sent.filename.replace("\\", "/")).name[:200] or "file"
    data = sent.stream.read()
    if not data:
        raise reject(name, "The file is empty.", code="empty")
    return Upload(name, data, _key(name, data))


def keep(upload: Upload) -> None:
    """Keep a file that was tried until it is confirmed, an hour at most."""
    folder = _folder()
    _sweep(folder)
    path = folder / upload.key
    path.with_suffix(".json").write_text(json.dumps({"name": upload.name}), encoding="utf-8")
    path.write_bytes(upload.data)


def drop(upload: Upload) -> None:
    """Forget a file that was imported."""
    for path in (_folder() / upload.key, (_folder() / upload.key).with_suffix(".json")):
        path.unlink(missing_ok=True)


def _kept(key: str) -> Upload:
    path = _folder() / key
    if _KEY.fullmatch(key) and path.is_file():
        name = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["name"]
        upload = Upload(name, path.read_bytes(), key)
        if _key(upload.name, upload.data) == key:
            return upload
    raise reject("the file", "It is no longer kept here. Choose it again.", code="gone")


def _key(name: str, data: bytes) -> str:
    digest = hashlib.sha256(f"{viewer().id}\0{name}\0".encode())
    digest.update(data)
    return digest.hexdigest()


def _folder() -> Path:
    folder = place().settings.home / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _sweep(folder: Path) -> None:
    oldest = time.time() - KEPT_SECONDS
    for path in folder.iterdir():
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
        except FileNotFoundError:
            continue  # another worker swept it at the same moment
