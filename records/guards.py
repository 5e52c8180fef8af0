"""Rules the database itself enforces, whoever connects: append-only rows, frozen content.

Tables register their guards when they are mapped; ``statements`` gives the DDL of all of them for
one dialect. Revisions of the schema list theirs as ``Guard`` rows, so the SQL that a guard becomes
may not change once it was released.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from records.lifecycle import FROZEN, STEPS

_FROZEN = ", ".join(f"'{state.value}'" for state in sorted(FROZEN))


@dataclass(frozen=True)
class Guard:
    """One refused kind of statement on one table.

    ``event`` is ``UPDATE``, ``DELETE``, ``INSERT`` or ``TRUNCATE``, which SQLite does not have;
    ``when`` is a condition on OLD and NEW in SQL that both share (the words are ours, never a
    user's).
    """

    table: str
    name: str
    event: str
    message: str
    when: str = ""
    columns: tuple[str, ...] = ()

    def statements(self, dialect: str) -> Iterator[str]:
        trigger = f"guard_{self.table}_{self.name}"
        if self.event == "TRUNCATE":
            if dialect == "postgresql":
                yield self._function(trigger)
                yield (
                    f"CREATE TRIGGER {trigger} BEFORE TRUNCATE ON {self.table} "
                    f"FOR EACH STATEMENT EXECUTE FUNCTION {trigger}()"
                )
            return
        of = f" OF {', '.join(self.columns)}" if self.columns else ""
        when = f" WHEN ({self.when})" if self.when else ""
        head = f"CREATE TRIGGER {trigger} BEFORE {self.event}{of} ON {self.table} FOR EACH ROW"
        if dialect == "sqlite":
            yield f"{head}{when} BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
        else:
            yield self._function(trigger)
            yield f"{head}{when} EXECUTE FUNCTION {trigger}()"

    def _function(self, trigger: str) -> str:
        return (
            f"CREATE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{self.message}'; END $$"
        )


@dataclass
class _Registry:
    guards: list[Guard] = field(default_factory=list)


_registry = _Registry()


def append_only(table: str) -> None:
    """Refuse every UPDATE and DELETE on ``table``."""
    message = f"{table} is append-only"
    _registry.guards += [
        Guard(table, "update", "UPDATE", message),
        Guard(table, "delete", "DELETE", message),
        _not_emptied(table),
    ]


def never_deleted(table: str) -> None:
    """Refuse every DELETE on ``table``."""
    _registry.guards += [
        Guard(table, "delete", "DELETE", f"rows of {table} are never deleted"),
        _not_emptied(table),
    ]


def _not_emptied(table: str) -> Guard:
    return Guard(table, "empty", "TRUNCATE", f"rows of {table} are never deleted")


# what a version's record says besides its content: who wrote it, and when it was approved
_RECORDED = ("author_id", "created_at", "approved_at", "major", "minor")


def frozen_once_approved(table: str, columns: Iterable[str]) -> None:
    """Refuse changes of ``columns``, steps out of the lifecycle, and deletion, once it is final."""
    message = f"an approved {table} cannot be changed"
    frozen = f"OLD.state IN ({_FROZEN})"
    allowed = " OR ".join(
        f"(OLD.state = '{state.value}' AND NEW.state = '{end.value}')"
        for (state, _step), end in STEPS.items()
        if state in FROZEN
    )
    astray = f"{frozen} AND NEW.state <> OLD.state AND NOT ({allowed})"
    _registry.guards += [
        Guard(table, "content", "UPDATE", message, frozen, tuple(columns)),
        Guard(table, "state", "UPDATE", f"a final {table} keeps its state", astray),
        Guard(table, "record", "UPDATE", message, frozen, _RECORDED),
        Guard(table, "ended", "UPDATE", message, "OLD.ended_at IS NOT NULL", ("ended_at",)),
        Guard(table, "delete", "DELETE", f"an approved {table} cannot be deleted", frozen),
        _not_emptied(table),
    ]


def frozen_unless(table: str, when: str, columns: Iterable[str], *, message: str) -> None:
    """Refuse changes of ``columns`` except while ``when`` (SQL on OLD) holds."""
    _registry.guards.append(
        Guard(table, "content", "UPDATE", message, f"NOT ({when})", tuple(columns))
    )


def set_once(table: str, columns: Iterable[str], *, message: str) -> None:
    """Refuse changes of the end of a row once it has one; the first of ``columns`` is when."""
    when, *others = columns
    _registry.guards.append(
        Guard(table, "ended", "UPDATE", message, f"OLD.{when} IS NOT NULL", (when, *others))
    )


def keeps_state(table: str, state: str) -> None:
    """Refuse every step out of ``state``."""
    astray = f"OLD.state = '{state}' AND NEW.state <> '{state}'"
    message = f"a {state} {table} keeps its state"
    _registry.guards.append(Guard(table, "state", "UPDATE", message, astray))


def registered() -> tuple[Guard, ...]:
    """Every guard of the tables that are mapped."""
    return tuple(_registry.guards)


def statements(dialect: str) -> list[str]:
    """DDL of every registered guard for ``sqlite`` or ``postgresql``."""
    return [line for guard in _registry.guards for line in guard.statements(dialect)]


append_only("audit_row")
append_only("signature")
never_deleted("person")
