"""What is wrong with a file somebody brought: every problem, each with its file, row and field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input file.

    ``row`` counts as a spreadsheet does (the header is row 1); ``field`` is a column, a key of a
    front matter or a field of a JSON document. ``code`` is stable and machine-readable. The message
    is a sentence for people: what is wrong and, where that is not obvious, what to do.
    """

    file: str
    row: int | None
    field: str | None
    message: str
    code: str = ""

    def __str__(self) -> str:
        where = self.file
        if self.row is not None:
            where += f", row {self.row}"
        if self.field:
            where += f", {'field' if self.row is None else 'column'} {self.field}"
        return f"{where}: {self.message}"


class BadInput(Exception):
    """An input file cannot be used; carries every problem, and nothing was changed.

    The command line ends with status 2, a page answers 422.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def reject(file: str, message: str, *, field: str | None = None, code: str = "") -> BadInput:
    """Make a ``BadInput`` of one problem with a file as a whole or one of its fields."""
    return BadInput([Problem(file, None, field, message, code)])
