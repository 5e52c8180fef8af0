"""The command ``clearcopy``: finds sub-commands lazily and turns refusals into exit statuses."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

import click

from cms import VERSION
from cms.settings import UnsafeSettings
from records.errors import DomainError, NotFound, NotReady
from records.problems import BadInput

# command -> (module under cms.cli, attribute); imported when called, so that `check` starts fast
COMMANDS = {
    "init": ("people", "init"),
    "migrate": ("migrating", "migrate"),
    "people": ("people", "people"),
    "import": ("importing", "import_"),
    "review": ("reviewing", "review"),
    "deputy": ("standing_in", "deputy"),
    "assemble": ("materials", "assemble"),
    "render": ("materials", "render"),
    "issue": ("materials", "issue"),
    "bulk": ("bulk", "bulk"),
    "check": ("checking", "check"),
    "pack": ("packing", "pack"),
    "mail": ("mailing", "mail"),
    "recall": ("recalling", "recall"),
    "verify": ("verifying", "verify"),
    "rebuild": ("rebuilding", "rebuild"),
    "trail": ("verifying", "trail"),
    "demo": ("demo", "demo"),
    "serve": ("serving", "serve"),
    "worker": ("serving", "worker"),
    "reindex": ("reindexing", "reindex"),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, attribute = COMMANDS[name]
        command = getattr(importlib.import_module(f"cms.cli.{module}"), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{name} is not a command")
        return command


@click.group(cls=LazyGroup)
@click.version_option(package_name=None, version=VERSION, prog_name="clearcopy")
def cli() -> None:
    """Modular content and compliance management for pharmaceutical marketing."""


# a refusal -> the exit status it ends with; the first that fits counts (NotFound is a DomainError)
STATUS: Sequence[tuple[type[BaseException], int]] = (
    (BadInput, 2),
    (NotFound, 2),
    (NotReady, 2),
    (UnsafeSettings, 2),
    (DomainError, 1),
)


def main() -> int:
    """Run the command line and return its exit status."""
    try:
        status = cli.main(standalone_mode=False)
    except click.exceptions.Exit as done:
        return done.exit_code
    except BrokenPipeError:
        return 0
    except (Exception, UnsafeSettings) as error:
        explained = _explained(error)
        if explained is None:
            raise  # an error of the program: its trace is what helps
        return _say(*explained)
    return status if isinstance(status, int) else 0


def _explained(error: BaseException) -> tuple[str, int] | None:
    """The sentence and the status for what is no error of the program."""
    if isinstance(error, click.Abort):
        return "Stopped.", 2
    if isinstance(error, click.ClickException):
        return error.format_message(), 2
    for kind, status in STATUS:
        if isinstance(error, kind):
            return str(error), status
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or error}.", 2
    sentence = _of_database(error)
    return (sentence, 2) if sentence else None


def _of_database(error: BaseException) -> str | None:
    """What a database says that is away, full, read-only or broken."""
    loaded = sys.modules.get("sqlalchemy.exc")  # commands without a database do not load it
    if loaded is None or type(error) not in (loaded.OperationalError, loaded.DatabaseError):
        return None
    reason = " ".join(str(error.orig).split()).rstrip(".?")  # type: ignore[attr-defined]
    return f"The database did not carry this out: {reason}. Nothing was changed."


def _say(sentence: str, status: int) -> int:
    sys.stderr.write(f"clearcopy: {sentence}\n")
    return status
