"""The command ``clearcopy``: finds sub-commands lazily and turns refusals into exit statuses."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

import click

from cms import VERSION
from cms.settings import UnsafeSettings
from records.errors import DomainError, NotFound
from records.problems import BadInput

# command -> (module under cms.cli, attribute); imported when called, so that `check` starts fast
COMMANDS = {
    "init": ("people", "init"),
    "migrate": ("migrating", "migrate"),
    "people": ("people", "people"),
    "import": ("importing", "import_"),
    "review": ("reviewing", "review"),
    "assemble": ("materials", "assemble"),
    "render": ("materials", "render"),
    "issue": ("materials", "issue"),
    "bulk": ("bulk", "bulk"),
    "check": ("checking", "check"),
    "pack": ("checking", "pack"),
    "mail": ("mailing", "mail"),
    "verify": ("verifying", "verify"),
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
    (UnsafeSettings, 2),
    (DomainError, 1),
)


def main() -> int:
    """Run the command line and return its exit status."""
    try:
        status = cli.main(standalone_mode=False)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.Abort:
        return _say("Stopped.", 2)
    except click.ClickException as error:
        return _say(error.format_message(), 2)
    except BrokenPipeError:
        return 0
    except tuple(kind for kind, _ in STATUS) as error:
        return _say(str(error), next(code for kind, code in STATUS if isinstance(error, kind)))
    return status if isinstance(status, int) else 0


def _say(sentence: str, status: int) -> int:
    sys.stderr.write(f"clearcopy: {sentence}\n")
    return status
