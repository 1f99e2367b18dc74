"""One database copied into another, empty one: SQLite to PostgreSQL when a service has outgrown one machine."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from sqlalchemy import Connection, Integer, bindparam, func, insert, inspect, select, text

from features.commands import UserError
from models.rule_words import Pair
from serving.audit import trail
from serving.store import lists, schema
from serving.store.engine import Store
from serving.store.tables import audit_heads

_BATCH = 1000


def copy(source: Store, target: Store) -> dict[str, int]:
    """Copy every row, in one transaction of the target; rows by table.

    Nobody may write into the source meanwhile: on SQLite writers wait, a PostgreSQL source has to be out of service.
    The counts, the audit log against its signed head and the hash of every confirmed list are checked in the target
    before anything is kept.

    Raises
    ------
    UserError : shapes that differ, a target that holds people already, counts that differ, a broken list.
    ChainError : an audit log that is broken.
    """
    for store, name in ((source, ("database ini", "this database")), (target, _TARGET)):
        _same(store, name)
    with source.writing() as old, target.writing() as new:
        if any(_count(new, table) for table in schema.TABLES if table is not audit_heads):
            raise UserError("the target holds rows already; copy into an empty database",
                            "tujuan sudah berisi; salin ke database yang kosong")  # fmt: skip
        new.execute(audit_heads.delete())
        put_back = _unguarded(new)
        counts = {}
        for table in schema.TABLES:
            with old.execute(select(table).order_by(*table.primary_key).execution_options(yield_per=_BATCH)) as rows:
                for some in rows.partitions():
                    new.execute(insert(table), [dict(row._mapping) for row in some])
            counts[table.name] = _count(new, table)
            if counts[table.name] != _count(old, table):
                had = _count(old, table)
                raise UserError(f"{table.name}: {counts[table.name]} rows arrived of {had}",
                                f"{table.name}: {counts[table.name]} dari {had} baris sampai")  # fmt: skip
        for statement in put_back:
            new.execute(text(statement))
        _count_on(new)
        trail.verify(new)
        if broken := list(lists.broken(new)):
            raise UserError(f"list {broken[0]} is not what was confirmed",
                            f"daftar {broken[0]} bukan yang dikonfirmasi")  # fmt: skip
    _same(target, _TARGET)
    return counts


def in_use(store: Store) -> bool:
    """Whether another process has the database open, such as the service. Connections of `store` are closed for it."""
    store.close()
    if store.file is None:
        with store.reading() as connection:
            return bool(connection.execute(text(_OTHERS)).scalar_one())
    with closing(sqlite3.connect(store.file.path, timeout=0)) as probe:
        # Who has a file with a write-ahead log open shares a lock on it as long as that: nobody gets it alone then.
        probe.execute("PRAGMA locking_mode = EXCLUSIVE")
        try:
            probe.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return False


_OTHERS = ("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
           "AND backend_type = 'client backend'")  # fmt: skip
_TARGET = ("tujuan", "the target")


def _same(store: Store, name: Pair) -> None:
    """UserError where the tables are not what the code expects; name : of the database."""
    if found := schema.differences(store):
        indonesian, english = found[0]
        raise UserError(f"{name[1]}: {english}", f"{name[0]}: {indonesian}")


def _count(connection: Connection, table: object) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()  # type: ignore[arg-type]


def _unguarded(connection: Connection) -> list[str]:
    """Take the guards of the parts of lists away, which refuse those of lists that arrive confirmed; how to put them
    back."""
    there = [name for name in schema.PARTS if inspect(connection).has_table(name)]
    if connection.dialect.name != "sqlite":
        for name in there:
            connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER USER"))
        return [f"ALTER TABLE {name} ENABLE TRIGGER USER" for name in there]
    query = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN :parts").bindparams(
        bindparam("parts", there, expanding=True))  # fmt: skip
    found = connection.execute(query).all()
    for name, _ in found:
        connection.execute(text(f"DROP TRIGGER {name}"))
    return [sql for _, sql in found]


def _count_on(connection: Connection) -> None:
    """Let the numbers that PostgreSQL gives out go on after those that arrived."""
    if connection.dialect.name == "sqlite":
        return
    for table in schema.TABLES:
        (first, *more) = table.primary_key.columns
        if not more and isinstance(first.type, Integer) and first.autoincrement == "auto":
            connection.execute(text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "  # noqa: S608 - our own names
                f"(SELECT coalesce(max(id), 0) + 1 FROM {table.name}), false)"))  # fmt: skip
