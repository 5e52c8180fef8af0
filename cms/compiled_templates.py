"""Templates compiled once and kept beside themselves, as Python keeps its own modules.

Compiling all of them takes half a second of CPU and, for as long as a process lives, memory that
other work cannot use. What is kept lies in ``templates/__pycache__``, where nobody can write who
could not change the program itself; where that cannot be written, they are compiled at each start.
"""

from __future__ import annotations

import hashlib
import pickle
from contextlib import suppress
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket, FileSystemBytecodeCache


class Kept(FileSystemBytecodeCache):
    """Compiled templates in a folder; one is used only while all it was made of is the same."""

    def __init__(self, folder: Path, environment: jinja2.Environment) -> None:
        super().__init__(str(folder), "%s.jinja")
        self.folder = folder
        self.maker = _maker(environment)

    def get_source_checksum(self, source: str) -> str:
        """Of the text and of what compiles it: Jinja, its options, the filters it may carry out."""
        return hashlib.sha256(f"{self.maker}\n{source}".encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """See ``jinja2.BytecodeCache``; what cannot be read, or was cut off, is made anew."""
        try:
            super().load_bytecode(bucket)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """See ``jinja2.BytecodeCache``; a folder that cannot be written keeps nothing."""
        with suppress(OSError):
            self.folder.mkdir(exist_ok=True)
            super().dump_bytecode(bucket)


def load_all(environment: jinja2.Environment) -> None:
    """Load every template, so that processes forked from this one share them."""
    for name in environment.list_templates(extensions=["html"]):
        environment.get_template(name)


def _maker(environment: jinja2.Environment) -> str:
    """Whatever else decides what a template is compiled to; constants go through our filters."""
    digest = hashlib.sha256(jinja2.__version__.encode())
    digest.update(repr((environment.trim_blocks, environment.lstrip_blocks)).encode())
    digest.update(repr(sorted(environment.extensions)).encode())
    for file in sorted(_files(environment)):
        with suppress(OSError):
            digest.update(Path(file).read_bytes())
    return digest.hexdigest()


def _files(environment: jinja2.Environment) -> set[str]:
    """The source files of filters and tests that are not Jinja's own."""
    found = set()
    for function in (*environment.filters.values(), *environment.tests.values()):
        code = getattr(function, "__code__", None)
        if code is not None and not function.__module__.startswith("jinja2."):
            found.add(code.co_filename)
    return found
