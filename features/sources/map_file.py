"""Reading the map of a source: a TOML file, refused with its line and key where it is wrong."""

from __future__ import annotations

import datetime as dt
import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from features import contract, plain_toml
from features.commands import UserError, closest
from features.contract import Field
from features.sources.map_checks import Reading
from features.sources.map_model import Cell, Entry, Map
from features.values import RefusedError, reader

TOP = ("name", "tested", "note", "sources", "left_out", "missing", "decimal", "files", "join", "keep")
FILE = ("period", "known_at", "names")
SAME = "same"
"""Codes that are the contract's own words, or true and false."""
CELL = ("column", "join", "digits", "constant", "codes", "others", "replace", "missing", "factor", "lag_days", "born",
        "format", "source")  # fmt: skip
ORIGINS = ("column", "constant", "lag_days", "born")
NUMBERS = ("number", "count")


def read_map(path: Path) -> Map:
    """The map in a TOML file; UserError names the file, line, key and rule."""
    if not path.is_file():
        raise UserError(f"no map {path}")
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8")
        found = plain_toml.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is not TOML: {error}") from None
    return _Reading(path, text).map(found, hashlib.sha256(raw).hexdigest())


class _Reading(Reading):
    """One reading of a map."""

    def map(self, found: dict[str, Any], digest: str) -> Map:
        self.known((), found, (*TOP, *contract.TABLES))
        name = self.text(("name",), found.get("name"))
        tables = {table: self.table(table, found[table]) for table in contract.TABLES if table in found}
        for table in contract.REQUIRED:
            if table not in tables:
                raise UserError(f"{self.path}: table [{table}] is missing; a map says at least where the columns of "
                                f"{' and '.join(contract.REQUIRED)} are")  # fmt: skip
        entries = tuple(self.entry(place, entry, tables) for place, entry in enumerate(self.entries(found), 1))
        keep = {table: self.keep(table, columns) for table, columns in self.mapping(("keep",), found, "keep").items()}
        made = Map(self.path, name, self.flag(("tested",), found.get("tested", False)), entries,
                   self.join(found, tables), keep, tables,
                   self.cells(("missing",), found.get("missing", [])), self.decimal(found.get("decimal", ".")),
                   {key: self.text(("sources", key), value)
                    for key, value in self.mapping(("sources",), found, "sources").items()},
                   self.left_out(found, tables), digest)  # fmt: skip
        self.check(made)
        return made

    def entries(self, found: dict[str, Any]) -> list[Any]:
        entries = found.get("files")
        if not isinstance(entries, list) or not entries:
            self.refuse(("files",), "must be one or more [[files]], each with the files of a wave (or of all waves)")
        return list(entries)

    def entry(self, place: int, entry: Any, tables: Mapping[str, Any]) -> Entry:
        at = (f"files {place}",)
        self.known(at, entry, (*FILE, *tables))
        files = {table: self.names((*at, table), entry[table], lower=False) for table in tables if table in entry}
        for table, named in files.items():
            # A map may come from elsewhere: it names no file that whoever reads it did not hand over.
            for name in named:
                if Path(name).is_absolute() or ".." in Path(name).parts:
                    self.refuse((*at, table), f"{name!r} must lie in the folder of --input")
            if len(named) > 1 and table not in contract.REQUIRED:
                self.refuse((*at, table), "must be one file; only files of households and members are joined")
        names = {key.strip().lower(): self.text((*at, "names"), own).lower()
                 for key, own in self.mapping((*at, "names"), entry, "names").items()}  # fmt: skip
        return Entry(files, self.value(at, "period", entry), self.value(at, "known_at", entry), names)

    def value(self, at: tuple[str, ...], name: str, entry: dict[str, Any]) -> str | None:
        return self.constant((*at, name), contract.HOUSEHOLDS[name], entry[name]) if name in entry else None

    def join(self, found: dict[str, Any], tables: Mapping[str, Mapping[str, Cell]]) -> dict[str, tuple[str, ...]]:
        """Columns that the map names; else those that the row's own id and period are read from."""
        named = self.mapping(("join",), found, "join")
        self.known(("join",), named, contract.REQUIRED)
        own = {table: tuple(column for name in contract.TABLES[table].key if name in cells
                            for column in cells[name].columns) for table, cells in tables.items()}  # fmt: skip
        return own | {table: self.names(("join", table), columns) for table, columns in named.items()}

    def keep(self, table: str, columns: Any) -> dict[str, frozenset[str]]:
        if table not in contract.TABLES or not isinstance(columns, dict):
            self.refuse(
                ("keep", table), f"is no table; write [keep.{contract.REQUIRED[0]}] with a list of codes a column"
            )
        return {name.strip().lower(): self.cells(("keep", table, name), codes) for name, codes in columns.items()}

    def table(self, table: str, found: Any) -> dict[str, Cell]:
        rules = contract.TABLES[table]
        self.known((table,), found, rules.names, "no column of the contract")
        return {name: self.cell((table, name), rules[name], found[name]) for name in rules.names if name in found}

    def cell(self, at: tuple[str, ...], rule: Field, found: Any) -> Cell:
        self.known(at, found, CELL)
        origins = [key for key in ORIGINS if key in found]
        if len(origins) != 1:
            self.refuse(at, f"needs one of {', '.join(ORIGINS)}, and only one; got {', '.join(origins) or 'none'}")
        for key, kinds in (("factor", NUMBERS), ("digits", ("text", "id")), ("format", ("date", "count"))):
            if key in found and rule.kind not in kinds:
                self.refuse((*at, key), f"is for {' and '.join(kinds)}; {rule.name} is a {rule.kind}")
        for key, name in (("lag_days", "known_at"), ("born", "age")):
            if key in found and rule.name != name:
                self.refuse((*at, key), f"is for {name} alone")
        if rule.kind in ("choice", "flag") and "column" in found and "codes" not in found:
            self.refuse(at, f"needs codes: the meaning of each code ({rule.expected})")
        if "others" in found and "codes" not in found:
            self.refuse((*at, "others"), "says the meaning of all other codes; write codes first")
        columns = self.names((*at, "column"), found.get("column", []))
        return Cell(
            columns,
            self.text((*at, "join"), found.get("join", "-"), blank=True),
            self.digits((*at, "digits"), found.get("digits"), columns),
            self.constant((*at, "constant"), rule, found["constant"]) if "constant" in found else None,
            self.codes((*at, "codes"), rule, found["codes"]) if "codes" in found else None,
            self.others((*at, "others"), rule, found["others"]) if "others" in found else None,
            {key: self.constant((*at, "replace"), rule, value)
             for key, value in self.mapping((*at, "replace"), found, "replace").items()},
            self.cells((*at, "missing"), found.get("missing", [])),
            self.number((*at, "factor"), found.get("factor")),
            self.days((*at, "lag_days"), found.get("lag_days")),
            self.text((*at, "born"), found["born"]).lower() if "born" in found else None,
            self.date_format((*at, "format"), found.get("format")),
            self.text((*at, "source"), found["source"]) if "source" in found else None,
        )  # fmt: skip

    def codes(self, at: tuple[str, ...], rule: Field, found: Any) -> dict[str, str | Cell]:
        if found == SAME and rule.kind in ("choice", "flag"):
            return {word: word for word in rule.choices or ("true", "false")}
        if not isinstance(found, dict) or not found:
            self.refuse(at, 'must say the meaning of each code, as in codes = { 1 = "head", 2 = "spouse" }, or be '
                        '"same" where the column holds the contract\'s own words')  # fmt: skip
        return {code: self.cell((*at, code), rule, value) if isinstance(value, dict)
                else self.constant((*at, code), rule, value) for code, value in found.items()}  # fmt: skip

    def others(self, at: tuple[str, ...], rule: Field, value: Any) -> str | Cell:
        if isinstance(value, dict):
            return self.cell(at, rule, value)
        return "" if value == "" else self.constant(at, rule, value)

    def constant(self, at: tuple[str, ...], rule: Field, value: Any) -> str:
        """A value that the map itself gives: it has to keep the contract's rule."""
        if isinstance(value, (list, dict)):
            self.refuse(at, f"must be one value ({rule.expected}), got {value!r}")
        try:
            told = reader(rule, None)(value) if rule.kind not in ("id",) else str(value)
        except RefusedError as refusal:
            self.refuse(at, f"{refusal}{'' if rule.choices else f'; {rule.name} takes {rule.expected}'}")
        if told is None:
            self.refuse(at, f"is empty; {rule.name} takes {rule.expected}")
        if rule.kind == "flag":
            return "true" if told else "false"
        return value.isoformat() if isinstance(value, dt.date) else str(value)

    def left_out(self, found: dict[str, Any], tables: Mapping[str, Mapping[str, Cell]]) -> dict[str, dict[str, str]]:
        told: dict[str, dict[str, str]] = {}
        for table, columns in self.mapping(("left_out",), found, "left_out").items():
            at = ("left_out", table)
            self.known(at, columns, contract.TABLES[table].names if table in contract.TABLES else (),
                       "no column of the contract")  # fmt: skip
            both = [name for name in columns if name in tables.get(table, {})]
            if both:
                self.refuse((*at, both[0]), "is mapped and left out")
            told[table] = {name: self.text((*at, name), reason) for name, reason in columns.items()}
        return told

    def check(self, made: Map) -> None:
        """Rules over several keys."""
        given = {name for name in ("period", "known_at") if all(getattr(entry, name) for entry in made.files)}
        for table, cells in made.tables.items():
            for rule in contract.TABLES[table].fields:
                if rule.required and rule.name not in cells and rule.name not in given:
                    hint = "; say it here or in every [[files]]" if rule.name in ("period", "known_at") else ""
                    raise UserError(f"{self.path}: {table}.{rule.name} is missing; the contract needs it{hint}")
                if rule.name in cells and any(getattr(entry, rule.name, None) for entry in made.files):
                    self.refuse((table, rule.name), "is said in [[files]] too; say it once")
            for name, cell in cells.items():
                if cell.source and cell.source not in made.sources:
                    self.refuse((table, name, "source"), f"{cell.source!r} is none of [sources]")
        used = {name for cells in made.tables.values() for cell in cells.values() for name in cell.names()}
        used |= {name for names in (*made.join.values(), *made.keep.values()) for name in names}
        for place, entry in enumerate(made.files, 1):
            for name in entry.names:
                if name not in used:
                    self.refuse((f"files {place}", "names"), f"{name!r} is no column of the map{closest(name, used)}")
        for table in contract.REQUIRED:
            if not any(table in entry.files for entry in made.files):
                raise UserError(f"{self.path}: no [[files]] has a file of {table}")
