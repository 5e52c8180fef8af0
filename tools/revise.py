"""Write the next revision of the schema: ``python tools/revise.py "what changes"``.

Compares a database brought to the newest revision with the tables the rooms map, and the triggers
in it with those the rooms register (``records.guards``). Writes a draft to be read, not believed.
``--again`` writes the newest revision anew, as long as nobody has run it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from alembic.autogenerate import produce_migrations, render_python_code  # noqa: E402
from alembic.migration import MigrationContext  # noqa: E402
from sqlalchemy import MetaData  # noqa: E402

from cms.installation import load_tables  # noqa: E402
from records import guards, migrating  # noqa: E402
from records.base import Base, CanonicalJSON, UTCDateTime, WordType  # noqa: E402
from records.database import make_engine  # noqa: E402

PLAIN = {UTCDateTime: "sa.DateTime(timezone=True)", CanonicalJSON: "sa.Text()"}
HEAD = '''"""{message}"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
{imports}
revision = "{revision}"
down_revision = {former}
branch_labels = None
depends_on = None
{guards}

def upgrade() -> None:
{body}
'''


def main() -> int:
    """Write the file and say where it is; 1 when nothing has changed."""
    again = "--again" in sys.argv
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    versions = migrating.FOLDER / "versions"
    message = words[0] if words else "The first schema."
    if again:
        newest = max(versions.glob("[0-9]*_*.py"))
        message = newest.read_text().split('"""')[1]
        newest.unlink()
    load_tables()
    former = migrating.revisions()[-1] if migrating.revisions() else None
    revision = f"{int(former or 0) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        source = _source(Path(folder), message, revision, former)
    if source is None:
        print("The tables and triggers are those of the newest revision.")
        return 1
    slug = re.sub(r"[^a-z0-9]+", "_", message.lower()).strip("_")[:40].rstrip("_")
    path = versions / f"{revision}_{slug}.py"
    path.write_text(source)
    for arguments in (["format", "--quiet"], ["check", "--fix", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *arguments, str(path)], check=False)
    print(path.relative_to(ROOT))
    return 0


def _source(folder: Path, message: str, revision: str, former: str | None) -> str | None:
    engine = make_engine(f"sqlite:///{folder / 'former.db'}")
    if former:
        migrating.upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"render_item": _plain, "sqlalchemy_module_prefix": "sa."}
        )
        made = produce_migrations(context, Base.metadata)
        known = set(
            connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            ).scalars()
        )
    if made.upgrade_ops is None:
        return None
    imports: list[str] = []
    body = render_python_code(
        made.upgrade_ops, render_item=_plain, migration_context=context, imports=imports
    )
    body = "\n".join(line for line in body.splitlines() if "### " not in line)
    fresh = [
        guard
        for guard in guards.registered()
        # guards that only PostgreSQL needs have no statement here, and are written by hand
        for line in list(guard.statements("sqlite"))[:1]
        if not _names(line) & known
    ]
    if body.strip() == "pass" and not fresh:
        return None
    if not former:
        body += _circular(Base.metadata)
    listed = ""
    if fresh:
        imports.append("from records.guards import Guard")
        listed = f"\nGUARDS = {fresh!r}\n"
        body += (
            "\n    for guard in GUARDS:"
            "\n        for statement in guard.statements(op.get_bind().dialect.name):"
            "\n            op.get_bind().exec_driver_sql(statement)"
        )
    if "TSVECTOR" in body:
        imports.append("from sqlalchemy.dialects import postgresql")
    lines = [line for line in body.splitlines() if line.strip() != "pass"]
    return HEAD.format(
        message=message,
        imports="\n".join(sorted(set(imports))) + "\n",
        revision=revision,
        former=f'"{former}"' if former else None,
        guards=listed,
        body="\n".join(lines),
    )


def _names(statement: str) -> set[str]:
    return set(re.findall(r"guard_\w+", statement))


def _circular(metadata: MetaData) -> str:
    """Foreign keys in a circle: SQLite has them in the tables, PostgreSQL gets them at the end."""
    lines = ["", '    if op.get_bind().dialect.name == "postgresql":']
    for table in metadata.sorted_tables:
        for key in sorted(table.foreign_key_constraints, key=lambda each: str(each.name)):
            if key.use_alter:
                target = next(iter(key.elements)).column
                lines.append(
                    f"        op.create_foreign_key({_conventional(key)!r}, {table.name!r}, "
                    f"{target.table.name!r}, {list(key.column_keys)!r}, [{target.name!r}])"
                )
    return "\n".join(lines)


def _conventional(key: Any) -> str:
    """The name a foreign key has by convention."""
    target = next(iter(key.elements)).column.table.name
    return f"fk_{key.table.name}_{key.column_keys[0]}_{target}"


def _plain(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """Types as the database knows them: a revision must not change with the program."""
    if kind == "type":
        if isinstance(thing, WordType):
            return "sa.String(length=40)"
        for known, written in PLAIN.items():
            if isinstance(thing, known):
                return written
    return False


if __name__ == "__main__":
    sys.exit(main())
