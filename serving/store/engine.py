"""One database, SQLite or PostgreSQL: how it is opened, and what a transaction is."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from features import keys
from features.commands import UserError
from features.file_words import unwritable
from features.home import home
from serving.problems import Problem
from serving.store import away
from serving.store.own_file import OwnFile

log = logging.getLogger("jaga")

BUSY_SECONDS = 5
"""How long a writer waits for another one of SQLite, and anyone for a connection."""
STATEMENT_SECONDS = 20
_AWAY = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM,
         sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)  # fmt: skip
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Store:
    """An open database; threads share it.

    engine : its connections. seal : key that signs the head of the audit log. clock : the time, in UTC. file : of
    SQLite, which file was opened.
    """

    engine: Engine
    seal: bytes
    clock: Clock
    file: OwnFile | None = None

    @property
    def sqlite(self) -> bool:
        """Whether it is a file of this machine."""
        return self.engine.dialect.name == "sqlite"

    @property
    def name(self) -> str:
        """Its URL as it may be shown: without a password."""
        url = self.engine.url
        return URL.create(url.get_backend_name(), url.username, None, url.host, url.port, url.database
                          ).render_as_string()  # fmt: skip

    @property
    def exists(self) -> bool:
        """Whether its file was made; of a server that is asked when it is used."""
        return self.file is None or self.file.path.exists()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads; Problem `read_only` where the database is away."""
        self._same()
        with _told(self), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is kept as a whole or not at all.

        Problem `read_only` where the database is away, `storage_full`, `busy` where others write for too long.
        """
        self._same()
        with _told(self), self.engine.connect() as connection:
            connection = connection.execution_options(jaga_writes=True)
            with connection.begin():
                yield connection
                self._same()  # a file that was taken away meanwhile: undone, and not told as kept

    def _same(self) -> None:
        if self.file is not None:
            self.file.check(self.name)

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


def open_store(url: str | None = None, clock: Clock | None = None) -> Store:
    """The database of `url`, else of `JAGA_DB`, else the file `store/jaga.sqlite` of the installation.

    Nothing is read or written yet but the folder of the file; `serving.store.schema` makes and checks the tables.

    Raises
    ------
    UserError : a URL of neither SQLite nor PostgreSQL; the folder of the file cannot be made.
    """
    parsed = _parse(url or os.environ.get("JAGA_DB") or f"sqlite:///{_own()}")
    options: dict[str, Any] = {"pool_timeout": BUSY_SECONDS}
    if parsed.get_backend_name() == "sqlite":
        if parsed.database in (None, "", ":memory:"):
            raise UserError(
                "JAGA_DB: a database in memory is gone with its process; name a file, sqlite:////path",
                "JAGA_DB: database di memori hilang bersama prosesnya; sebut berkas, sqlite:////path",
            )
        folder = os.path.dirname(os.path.abspath(str(parsed.database)))
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
        except OSError as error:
            raise unwritable(Path(folder), error) from None
        options["connect_args"] = {"timeout": BUSY_SECONDS}
    else:
        options["pool_pre_ping"] = True
        options["connect_args"] = {"connect_timeout": BUSY_SECONDS, "application_name": "jaga",
                                   "options": f"-c statement_timeout={STATEMENT_SECONDS}s -c timezone=UTC"}  # fmt: skip
    seal, time = keys.load().seal, clock or now
    engine = create_engine(parsed, execution_options={"jaga_seal": seal, "jaga_clock": time}, json_serializer=_json,
                           **options)  # fmt: skip
    if engine.dialect.name != "sqlite":
        return Store(engine, seal, time)
    file = OwnFile(Path(os.path.abspath(str(parsed.database))))
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "connect", lambda *_: file.opened())
    event.listen(engine, "begin", _begin)
    return Store(engine, seal, time, file)


def is_there() -> bool:
    """Whether the installation has a database: one is named by `JAGA_DB`, or its own file was made."""
    return bool(os.environ.get("JAGA_DB")) or _own().exists()


def now_of(connection: Connection) -> datetime:
    """The time by the clock of the store that a connection is of."""
    clock: Clock = connection.get_execution_options()["jaga_clock"]
    return clock()


def seal_of(connection: Connection) -> bytes:
    """The key that signs what the store of a connection keeps."""
    seal: bytes = connection.get_execution_options()["jaga_seal"]
    return seal


def _own() -> Path:
    return home() / "store" / "jaga.sqlite"


def _json(value: object) -> str:
    # A value that is not JSON would be stored by one engine and refused by the other.
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def now() -> datetime:
    """The clock of the machine; its zone does not matter."""
    return datetime.now(UTC)


def _parse(text: str) -> URL:
    try:
        url = make_url(text)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError):
        raise UserError("JAGA_DB: not a database URL; write sqlite:////path/to/file or postgresql://user@host/name",
                        "JAGA_DB: bukan URL database; tulis sqlite:////path/to/file atau postgresql://user@host/name",
                        ) from None  # fmt: skip
    if backend in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise UserError(f"JAGA_DB: {backend} is not known; SQLite and PostgreSQL are",
                        f"JAGA_DB: {backend} tidak dikenal; yang dikenal SQLite dan PostgreSQL")  # fmt: skip
    return url.set(drivername="sqlite")


def _set_up(raw: sqlite3.Connection, _: object) -> None:
    raw.isolation_level = None  # transactions are begun by us, see _begin
    for setting in ("journal_mode = WAL", "foreign_keys = ON", "synchronous = NORMAL"):
        raw.execute(f"PRAGMA {setting}")
    (*_, path), *_ = raw.execute("PRAGMA database_list")
    for own in (path, f"{path}-wal", f"{path}-shm"):
        with suppress(OSError):  # of another account: its folder decides
            os.chmod(own, 0o600)


def _begin(connection: Connection) -> None:
    # A transaction that reads and then writes would fail at once where another one wrote between the two.
    writes = connection.get_execution_options().get("jaga_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _told(store: Store) -> Iterator[None]:
    """What a database does when it is away, full or crowded, as problems; anything else is an error of ours.

    One that is away, or a file that is locked, is named in the values of the problem, with why, for a terminal
    (`serving.terminal`).
    """
    try:
        yield
    except PoolTimeout:
        raise Problem("busy", headers={"Retry-After": "2"}) from None
    except DBAPIError as error:
        problem = _problem(error)
        if problem is None:
            raise
        if problem.code == "read_only" or (problem.code == "busy" and store.sqlite):
            problem.values |= {"database": store.name, "why": away.why(error, store.engine.url)}
        raise problem from error


def _problem(error: DBAPIError) -> Problem | None:
    said, state = str(error.orig).lower(), getattr(error.orig, "sqlstate", None)
    if "a confirmed list is never changed" in said:
        return Problem("list_immutable")
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL or state in ("53100", "53200"):
        log.warning("store: no room is left where the database is (%s); nothing is stored until there is", state or
                    "SQLITE_FULL")  # fmt: skip
        return Problem("storage_full")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or state in ("40001", "40P01", "55P03", "53300", "57014"):
        return Problem("busy", headers={"Retry-After": "2"})
    if code in _AWAY or state in ("25006", "57P01", "57P02", "57P03"):
        return Problem("read_only", headers={"Retry-After": "10"})
    if isinstance(error, DataError):  # such as a NUL, which only SQLite keeps
        return Problem("bad_request")
    if isinstance(error, OperationalError) and not code and (state is None or state.startswith("08")):
        return Problem("read_only", headers={"Retry-After": "10"})  # no server answered
    return None
