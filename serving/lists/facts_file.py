"""Further facts by household, read from a file: which columns it may have, the rules they obey, and who made it."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from features import keys, lines, parquet_bounds
from features.commands import UserError
from features.contract import SHOCKS
from features.digests import sha256_of
from features.file_words import unreadable
from features.types import Array
from features.values import masked
from serving.scores.kept_run import code_numbers

AMOUNTS = ("size", "gap")
_MOST = {"size": 50, "gap": 1e9}
"""Members of a family that a scheme may ask for at most (`models.schemes.parts`), and rupiah."""
_PROGRAMMES = re.compile(r"(?:-|\??[A-Za-z0-9_-]{1,40}(?: \??[A-Za-z0-9_-]{1,40})*)?", re.ASCII)
UNKNOWN = "?"
"""Before the name of a programme of which it is not known whether a family receives it."""
_FACTS: Mapping[str, Any] = {
    "household_id": pa.string(), "size": pa.float64(), "gap": pa.float64(), "programmes": pa.string(),
    "shock": pa.string(), "shock_day": pa.date32(), **{kind: pa.date32() for kind in SHOCKS},
}  # fmt: skip
_MEANT = {pa.string(): ("text", "teks"), pa.float64(): ("a number", "angka"),
          pa.date32(): ("a date such as 2026-10-01", "tanggal seperti 2026-10-01")}  # fmt: skip
_TEXTS = (pa.string(), pa.large_string(), pa.binary(), pa.large_binary())
_CODE_BYTES, _LONGEST = 4, 200
"""Bytes that a code takes on a disk at the least: even those of a hundred million families, sorted, differ by 35 bits.
Bytes of a text at most: the names of all programmes take less."""
HEALTH = ("illness",)
"""Shocks that are facts of health: told of nobody, and in a file of facts only where they are asked for by name."""
FACTS = "facts.parquet"
"""Name of the installation's own file of facts, which `jaga lists facts` makes."""


class LaterFactsError(UserError):
    """Facts of a day that has not come: what they hold was not all known, and cannot be told apart."""

    def __init__(self, until: date, day: date) -> None:
        super().__init__(f"the facts are as of {until}, which is after {day}: make them again (jaga lists facts), no "
                         "list is drawn from what is not known yet",
                         f"fakta bertanggal {until}, sesudah {day}: buat lagi (jaga lists facts), daftar tidak disusun "
                         "dari yang belum diketahui")  # fmt: skip
        self.until = until


@dataclass(frozen=True, slots=True)
class Facts:
    """Further facts, one row a household.

    Attributes
    ----------
    table : columns of those of `_FACTS` that the file has. numbers : its codes as numbers. digest : SHA-256.
    until : date up to which shocks are known, None where the file does not say. here : whether this installation made
        the file as it is (`jaga lists facts`), by the mark beside it.
    """

    table: Any
    numbers: Array
    digest: str
    until: date | None = None
    here: bool = False

    @property
    def inputs(self) -> dict[str, str]:
        """What a list says of the facts that it was drawn with."""
        return {"facts": self.digest, "facts_made": "here" if self.here else "elsewhere"}

    def known(self, today: date, scored: date | None) -> Facts:
        """The same where they were known today, or on the date of the scores (made-up ones may lie ahead of the
        clock); LaterFactsError otherwise."""
        day = today if scored is None else max(today, scored)
        if self.until is not None and self.until > day:
            raise LaterFactsError(self.until, day)
        return self

    @property
    def kinds(self) -> tuple[str, ...]:
        """Shocks that have a column of their own: the last day on which each hit a household."""
        return tuple(kind for kind in SHOCKS if kind in self.table.column_names)

    @property
    def amounts(self) -> tuple[str, ...]:
        """Of `AMOUNTS` those that the file holds of anybody."""
        return tuple(name for name in AMOUNTS if name in self.table.column_names
                     and self.table.column(name).null_count < len(self.table))  # fmt: skip

    def shock(self, code: str) -> tuple[str, date] | None:
        """Kind and day of a household's last shock; None where none is known. Health is not told."""
        for at in np.flatnonzero(self.numbers == code_numbers(pa.array([code]))[0]).tolist():
            own = {name: self.table.column(name)[at].as_py() for name in self.table.column_names}
            pairs: list[tuple[Any, Any]] = [(own[kind], kind) for kind in self.kinds]
            pairs += [(own.get("shock_day"), own.get("shock"))]
            told = [(day, kind) for day, kind in pairs if day and kind and kind not in HEALTH]
            if told:
                day, kind = max(told)
                return kind, day
        return None

    def last_of(self, kinds: Sequence[str]) -> tuple[Any, Any]:
        """Kind and day of the newest shock of some kinds, a column each of the rows of the table.

        Raises
        ------
        UserError : the file does not hold one of them, so that nobody knows whom it hit.
        """
        absent = [kind for kind in kinds if kind not in self.kinds]
        if absent:
            names = ", ".join(absent)
            raise UserError(f"fast_lane: shocks: the facts do not hold {names}; make them with it "
                            "(jaga lists facts --shocks), or leave it out",
                            f"fast_lane: shocks: fakta tidak memuat {names}; buat dengan itu (jaga lists facts "
                            "--shocks), atau hilangkan")  # fmt: skip
        days = [self.table.column(kind) for kind in kinds]
        newest = pc.max_element_wise(*days)
        cases = pc.make_struct(*(pc.fill_null(pc.equal(day, newest), False) for day in days))
        return pc.case_when(cases, *(pa.scalar(kind) for kind in kinds)), newest


def read_facts(path: Path) -> Facts:
    """Facts from a csv or parquet file; UserError names the column, the row (from 0) and the rule, and tells no cell:
    it may be the number of a person."""
    table = _typed(path)
    numbers = numbers_of(table.column("household_id"), path)
    if len(np.unique(numbers)) < len(numbers):
        raise UserError(
            f"{path}: household_id: a household is there twice; give each one row",
            f"{path}: household_id: ada keluarga yang muncul dua kali; beri satu baris tiap keluarga",
        )
    _held(path, table)
    until, digest = _until(table, path), sha256_of(path)
    for name in ("shock_day", *SHOCKS):
        if until is None or name not in table.column_names:
            continue
        if pc.any(pc.greater(table.column(name), pa.scalar(until))).as_py():
            raise UserError(
                f"{path}: {name}: a shock is later than {until}, the date of the file",
                f"{path}: {name}: ada guncangan sesudah {until}, tanggal berkas itu",
            )
    return Facts(table, numbers, digest, until, _marked(path, digest))


def _typed(path: Path) -> Any:
    """The table of a file, each column in its type; UserError where one is not known, twice there or misses another."""
    _bounded(path)
    table = table_of(path)
    _named(path, table.column_names)
    try:
        columns = [_as(path, name, table.column(name)) for name in table.column_names]
        table = pa.table(columns, table.column_names, metadata=table.schema.metadata).combine_chunks()
    except pa.ArrowException:
        raise UserError(f"{path}: its columns do not fit in the memory of this machine",
                        f"{path}: kolomnya tidak muat di memori mesin ini") from None  # fmt: skip
    if "shock" in table.column_names and any(kind in table.column_names for kind in SHOCKS):
        raise UserError(
            f"{path}: give shock and shock_day, or a column for each shock, not both",
            f"{path}: beri shock dan shock_day, atau satu kolom tiap guncangan, tidak keduanya",
        )
    if ("shock" in table.column_names) != ("shock_day" in table.column_names):
        raise UserError(
            f"{path}: shock and shock_day go together; a shock counts for a time",
            f"{path}: shock dan shock_day harus bersama; guncangan berlaku untuk suatu waktu",
        )
    return table


def _held(path: Path, table: Any) -> None:
    """UserError where a cell breaks the rule of its column."""
    for name in AMOUNTS:
        if name not in table.column_names:
            continue
        inside = pc.and_(pc.greater_equal(table.column(name), 0), pc.less_equal(table.column(name), _MOST[name]))
        if pc.all(inside).as_py() is False:
            raise UserError(
                f"{path}: {name}: must be 0 to {_MOST[name]:,.0f}, or empty where it is not known",
                f"{path}: {name}: harus 0 sampai {_MOST[name]:.0f}, atau kosong bila tidak diketahui",
            )
    if "programmes" in table.column_names:
        for value in pc.unique(table.column("programmes")).to_pylist():
            if not _PROGRAMMES.fullmatch(value or ""):
                raise UserError(
                    f"{path}: programmes: must be short names with a space between, or - (? before one not known)",
                    f"{path}: programmes: harus nama pendek dengan spasi di antaranya, atau - (? di depan yang tidak "
                    "diketahui)",
                )
    if "shock" in table.column_names:
        known = pc.is_in(table.column("shock"), pa.array([*SHOCKS, "", None], pa.string()))
        if (row := pc.index(known, False).as_py()) >= 0:
            names = ", ".join(SHOCKS)
            raise UserError(f"{path}: shock: row {row}: must be one of {names}",
                            f"{path}: shock: baris {row}: harus salah satu dari {names}")  # fmt: skip


def _named(path: Path, names: Sequence[str]) -> None:
    """UserError where a column is not known or there twice, or the codes are wanting."""
    odd = [name for name in names if name not in _FACTS]
    twice = [name for name in _FACTS if names.count(name) > 1]
    if odd or twice or "household_id" not in names:
        told = ((f"column {masked(odd[0])} is not known", f"kolom {masked(odd[0])} tidak dikenal") if odd else
                (f"column {twice[0]} is there twice", f"kolom {twice[0]} ada dua kali") if twice else
                ("household_id is missing", "household_id tidak ada"))  # fmt: skip
        known = ", ".join(_FACTS)
        raise UserError(f"{path}: {told[0]}; known: {known}", f"{path}: {told[1]}; yang dikenal: {known}")


def _bounded(path: Path) -> None:
    """UserError where a parquet file says of itself that it is no file of facts, before any of it is unpacked: by its
    columns, or by more rows than its bytes can hold codes of, since what stands there again and again costs next to
    nothing on the disk."""
    if path.suffix != ".parquet":
        return
    try:
        known, size = pq.read_metadata(path), path.stat().st_size
    except (pa.ArrowException, OSError):
        return  # told where it is read
    _named(path, names := known.schema.to_arrow_schema().names)
    if nested := set(names) - set(parquet_bounds.flat(known)):
        raise _another_kind(path, min(nested))
    if known.num_rows > size / _CODE_BYTES:
        raise UserError(f"{path}: household_id: {known.num_rows:,} rows in {size:,} bytes cannot each have a code of "
                        "their own; give each household one row",
                        f"{path}: household_id: {known.num_rows} baris dalam {size} bita tidak mungkin masing-masing "
                        "berkode sendiri; beri satu baris tiap keluarga")  # fmt: skip
    if name := parquet_bounds.overfull(known, names, cell=_LONGEST):
        raise UserError(f"{path}: {name}: holds more than one fact of at most {_LONGEST} bytes a row",
                        f"{path}: {name}: memuat lebih dari satu fakta {_LONGEST} bita tiap baris")  # fmt: skip


def _another_kind(path: Path, name: str) -> UserError:
    english, own = _MEANT[_FACTS[name]]
    return UserError(f"{path}: {name}: must be {english}, and the column is of another kind",
                     f"{path}: {name}: harus {own}, dan kolom itu berjenis lain")  # fmt: skip


def _as(path: Path, name: str, column: Any) -> Any:
    """A column of facts in its type."""
    kind = _FACTS[name]
    try:
        if pa.types.is_dictionary(column.type) and column.type.value_type in _TEXTS:
            # Judged before it is unpacked: one long text may stand in every row.
            longest = max((pc.max(pc.binary_length(own.dictionary)).as_py() or 0 for own in column.chunks), default=0)
            if longest > _LONGEST:
                raise UserError(
                    f"{path}: {name}: a cell has {longest:,} bytes; no fact has more than {_LONGEST}",
                    f"{path}: {name}: ada sel {longest} bita; tidak ada fakta lebih dari {_LONGEST}",
                )
        return column.cast(kind)
    except pa.ArrowNotImplementedError:
        raise _another_kind(path, name) from None
    except pa.ArrowInvalid:
        (english, own), row = _MEANT[kind], _first_odd(column, kind)
        raise UserError(f"{path}: {name}: row {row}: must be {english}",
                        f"{path}: {name}: baris {row}: harus {own}") from None  # fmt: skip


def _first_odd(column: Any, kind: Any) -> int:
    """Number of the first row that is not of a kind."""
    low, high = 0, len(column)
    while high - low > 1:
        half = (low + high) // 2
        try:
            column.slice(low, half - low).cast(kind)
            low = half
        except pa.ArrowInvalid:
            high = half
    return low


def received(text: str) -> dict[str, int]:
    """Programmes that a text names: 1 received, -1 not known; those that it does not name are not received."""
    return {name.removeprefix(UNKNOWN): -1 if name.startswith(UNKNOWN) else 1
            for name in text.split() if name != "-"}  # fmt: skip


def mark(path: Path, digest: str) -> None:
    """Write beside a file of facts that this installation made it, for the SHA-256 that it has."""
    beside = _beside(path)
    beside.touch(mode=0o600)
    beside.write_text(_mark(digest))


def _marked(path: Path, digest: str) -> bool:
    try:
        return hmac.compare_digest(_beside(path).read_bytes(), _mark(digest).encode())
    except FileNotFoundError:
        return False


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.mark")


def _mark(digest: str) -> str:
    return hmac.new(keys.load().seal, f"facts {digest}".encode(), hashlib.sha256).hexdigest()


def _until(table: Any, path: Path) -> date | None:
    """The date of a file that `jaga lists facts` wrote."""
    said = (table.schema.metadata or {}).get(b"jaga.as_of")
    try:
        return None if said is None else date.fromisoformat(said.decode())
    except ValueError:
        raise UserError(f"{path}: its date (jaga.as_of) is none; make the facts again",
                        f"{path}: tanggalnya (jaga.as_of) bukan tanggal; buat lagi fakta itu") from None  # fmt: skip


def table_of(path: Path) -> Any:
    """A table of a file; in csv every cell is text until it is cast, so that codes stay as they are."""
    try:
        if path.suffix == ".parquet":
            known = pq.read_metadata(path)
            texts = [field.name for field in known.schema.to_arrow_schema() if field.type in _TEXTS]
            with pq.ParquetFile(path, metadata=known, read_dictionary=texts) as file:  # as they lie there, not unpacked
                return file.read()
        if path.suffix != ".csv":
            raise UserError(f"{path}: give a file that ends in .csv or .parquet",
                            f"{path}: beri berkas yang berakhir dengan .csv atau .parquet")  # fmt: skip
        texts = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(_FACTS, pa.string()), null_values=[""],
                                           strings_can_be_null=True)  # fmt: skip
        found = pyarrow.csv.read_csv(path, convert_options=texts)
        own = lines.Lines()
        own.take(path.read_bytes())
        if not own.are(found.num_rows):
            raise lines.error(path, lambda: path.open("rb"))
        return found
    except FileNotFoundError:
        raise UserError(f"no file {path}", f"tidak ada berkas {path}") from None
    except (pa.ArrowException, OSError) as error:
        # What Arrow says of a torn row holds the row.
        why = ("it is damaged, or too large for the memory of this machine",
               "rusak, atau terlalu besar untuk memori mesin ini") if path.suffix == ".parquet" else (
               "it is empty, not UTF-8, or a row has more or fewer cells than the head",
               "kosong, bukan UTF-8, atau sebuah baris selnya lebih atau kurang dari kepala tabel")  # fmt: skip
        if isinstance(error, OSError) and error.strerror:
            raise unreadable(path, error) from None
        raise UserError(f"{path} cannot be read: {why[0]}", f"{path} tidak dapat dibaca: {why[1]}") from None


def numbers_of(codes: Any, path: Path) -> Array:
    """Codes of households as numbers; UserError where one is no code, without it."""
    try:
        if codes.null_count:
            raise ValueError("a cell is empty")
        return code_numbers(codes.cast(pa.string()).combine_chunks())
    except (ValueError, pa.ArrowException) as error:
        # The value itself may be the number of a person, so it is not told.
        why = "not text" if isinstance(error, pa.ArrowException) else error
        raise UserError(f"{path}: household_id: must be codes of twelve symbols, no raw number ({why})",
                        f"{path}: household_id: harus kode dua belas tanda, bukan nomor asli") from None  # fmt: skip
