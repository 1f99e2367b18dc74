"""Queries over the files of one published run: connections of their own, values bound, losses told in words."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from features.commands import UserError
from serving.scores.kept_run import Run, connect

Row = dict[str, Any]


class Reader:
    """Reads the files of a run; a context manager. Threads may share it.

    Attributes
    ----------
    run : the run that it is bound to, whatever is published later.
    """

    def __init__(self, run: Run, held: int | None = None) -> None:
        """held : handle that keeps the run from being removed (`serving.scores.kept_run.hold`); closed with it."""
        self.run = run
        self._let_go = None if held is None else weakref.finalize(self, os.close, held)
        self._one: duckdb.DuckDBPyConnection | None = None
        self._many: duckdb.DuckDBPyConnection | None = None
        self._opening = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:  # fmt: skip
        self.close()

    def close(self) -> None:
        """Let go of the run: from then on a publication may remove it."""
        if self._let_go is not None:
            self._let_go()
        with self._opening:
            for connection in (self._one, self._many):
                if connection is not None:
                    connection.close()
            self._one = self._many = None

    def rows(self, sql: str, paths: Sequence[Path], asked: Mapping[str, Any], *, single: bool = False) -> list[Row]:
        """Rows that a query of ours finds in `$files`; no word of a request is ever part of it, values are bound.

        single : one thread instead of all cores, for a small answer.
        """

        def taken(cursor: duckdb.DuckDBPyConnection, query: str, values: dict[str, Any]) -> list[Row]:
            found = cursor.execute(query, values)
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, cells, strict=True)) for cells in found.fetchall()]

        return self.ask(sql, paths, asked, taken, single=single) if paths else []

    def ask(self, sql: str, paths: Sequence[Path], asked: Mapping[str, Any],
            take: Take, *, single: bool = False) -> Any:  # fmt: skip
        """What `take` makes of a query of ours over `paths`; UserError where they cannot be read, or are gone."""
        try:
            with self._cursor(single) as cursor:
                return take(cursor, sql, {"files": [str(path) for path in paths], **asked})
        except (duckdb.IOException, duckdb.PermissionException) as error:
            gone = next((path for path in paths if not path.exists()), None)
            if gone is None:
                raise UserError(
                    f"the scores of {self.run.name} cannot be read: {error}",
                    f"skor {self.run.name} tidak dapat dibaca: {error}",
                ) from None
            raise UserError(
                f"{self.run.name} was replaced and removed meanwhile ({gone.name}); open the store again",
                f"{self.run.name} sudah diganti dan dihapus ({gone.name}); buka lagi penyimpanannya",
            ) from None

    def _cursor(self, single: bool) -> duckdb.DuckDBPyConnection:
        """A cursor for one query: one thread for one household, all cores for a scan."""
        with self._opening:
            if single:
                self._one = self._one or connect(self.run.path, threads=1)
                return self._one.cursor()
            self._many = self._many or connect(self.run.path)
            return self._many.cursor()


Take = Callable[[duckdb.DuckDBPyConnection, str, dict[str, Any]], Any]
