"""The shape of the database: brought up to date, and checked against what the code expects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert

from features.commands import UserError
from models.rule_words import Pair
from serving.audit.trail import empty_head
from serving.store import tables_cases  # noqa: F401 - importing it is what makes its tables known
from serving.store.engine import Store
from serving.store.tables import audit_heads, metadata

COMPARED: dict[str, Any] = {"compare_type": True, "render_as_batch": True}
_HERE = Path(__file__).parent / "migrations"
TABLES = tuple(metadata.sorted_tables)
"""All tables, each after those that it points to."""
PARTS = ("list_places", "list_outside")
"""Tables of what a list consists of."""
GUARDED = ("audit", "lists", *PARTS)
"""Tables whose rows the database itself refuses to change: the log, confirmed lists and their parts."""


def upgrade(store: Store) -> tuple[str | None, str]:
    """Bring the tables up to date; the revision before (None where there were none) and after.

    Raises
    ------
    UserError : tables that this version of Jaga does not know; they are left as they are.
    """
    with store.writing() as connection:
        before = _known(connection)
        command.upgrade(_config(connection), "head")
        if before is None:  # only now: a log without its head must never pass for a new one
            connection.execute(insert(audit_heads).values(id=1, **empty_head(store.seal)))
        return before, newest()


def prepare(store: Store) -> None:
    """Make a store ready to use: a file of this machine is brought up to date, a server's has to be already.

    Raises
    ------
    UserError : tables of PostgreSQL that are missing or older, or any that this version of Jaga does not know.
    """
    with store.reading() as connection:
        if _known(connection) == newest():
            return
    if not store.sqlite:
        raise UserError("the tables of the database are missing or old; type: jaga db upgrade",
                        "tabel database belum ada atau lama; ketik: jaga db upgrade")  # fmt: skip
    upgrade(store)


def there(store: Store) -> None:
    """For what only looks at a database or clears it: UserError where its file is not there, instead of a new one."""
    if not store.exists:
        raise UserError(f"no database at {store.name}; JAGA_HOME or JAGA_DB tells where it is, jaga db upgrade makes "
                        "one",
                        f"tidak ada database di {store.name}; JAGA_HOME atau JAGA_DB menyebut tempatnya, jaga db "
                        "upgrade membuatnya")  # fmt: skip


def differences(store: Store) -> list[Pair]:
    """How the tables differ from what the code expects, in both languages; empty where they do not."""
    with store.reading() as connection:
        found = revision(connection)
        if strange := _strange(found):
            return [strange]
        if found != newest():
            return [(f"revisi {found or 'tidak ada'}, yang diharapkan {newest()}; ketik: jaga db upgrade",
                     f"revision {found or 'none'}, expected {newest()}; type: jaga db upgrade")]  # fmt: skip
        context = MigrationContext.configure(connection, opts=COMPARED)
        changed = [(f"berbeda: {item}", f"differs: {item}") for item in compare_metadata(context, metadata)]
        return changed + [(f"trigger {name} tidak ada", f"trigger {name} is missing")
                          for name in sorted(_guards(store.sqlite) - _triggers(connection))]  # fmt: skip


def _guards(sqlite: bool) -> set[str]:
    """Names of the triggers that refuse to change what must stay as it is."""
    if not sqlite:
        return {f"guard_{table}_{name}" for table in GUARDED for name in ("rows", "truncate")}
    acts = {f"guard_{table}_{act}" for table in GUARDED
            for act in ("insert", "update", "delete")}  # fmt: skip
    return acts | {"guard_lists_over"}


def revision(connection: Connection) -> str | None:
    """Revision of the tables, None where there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The revision that this version of Jaga works with."""
    found = ScriptDirectory(str(_HERE)).get_current_head()
    assert found is not None
    return found


def _known(connection: Connection) -> str | None:
    """The revision of the tables; UserError where this version of Jaga has no such step."""
    found = revision(connection)
    if strange := _strange(found):
        indonesian, english = strange
        raise UserError(english, indonesian)
    return found


def _strange(found: str | None) -> Pair | None:
    """That a revision is none of this version of Jaga, in both languages; None where it is one."""
    if found is None or found in {script.revision for script in ScriptDirectory(str(_HERE)).walk_revisions()}:
        return None
    return (f"database ada di revisi {found}, yang tidak dikenal versi Jaga ini: versi yang lebih baru membuatnya, "
            "atau versi dari sebelum rilis pertama; database dibiarkan apa adanya, pakai versi yang membuatnya",
            f"the database is at revision {found}, which this version of Jaga does not know: a newer one made it, or "
            "one from before the first release; it is left as it is, use the version that made it")  # fmt: skip


def _triggers(connection: Connection) -> set[str]:
    sql = ("SELECT name FROM sqlite_master WHERE type = 'trigger'" if connection.dialect.name == "sqlite"
           else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")  # fmt: skip
    return {name for (name,) in connection.exec_driver_sql(sql)}


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
