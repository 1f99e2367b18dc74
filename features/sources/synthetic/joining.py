"""Joining finished parquet files of one schema into one, without encoding a value again.

Workers encode their own partitions, which is half of the work; the first process only copies their bytes. A
parquet file ends with a footer (in Thrift's compact protocol) that says where each piece lies: here it is read
whole, the places are moved to those of the joined file, and the row groups of all footers are put in one. pyarrow
can merge footers, but moves no places.
"""

from __future__ import annotations

import struct
from typing import Any, NamedTuple, Protocol

MAGIC = b"PAR1"
_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
_INTEGERS = (4, 5, 6)
_ROWS, _GROUPS = 3, 4
_CHUNKS, _GROUP_PLACE, _ORDINAL = 1, 5, 7
_CHUNK_PLACE, _CHUNK_FACTS = 2, 3
_PAGES = (9, 10, 11)
"""Field numbers of parquet's footer: rows and row groups of a file; column chunks, place and number of a row group;
place and facts of a chunk; places of its data, index and dictionary pages."""

Struct = dict[int, tuple[int, Any]]
"""A Thrift struct: type and value by field number."""


class Items(NamedTuple):
    """A Thrift list: type of its items, and the items, or their bytes and their number."""

    kind: int
    values: list[Any] | bytearray
    size: int


class Sink(Protocol):
    """What can be written to."""

    def write(self, data: bytes | memoryview, /) -> int:
        """Write all of it and say how much it was."""
        ...


class Joined:
    """A parquet file put together from others, in the order they are added."""

    def __init__(self, file: Sink) -> None:
        self._file = file
        self._place = file.write(MAGIC)
        self._footer: Struct = {}
        self._groups = bytearray()  # written already: as Python objects a large country's would fill the memory
        self._count = 0
        self.rows = 0

    def add(self, parquet: memoryview) -> None:
        """Append the row groups of a whole parquet file."""
        size = int.from_bytes(parquet[-8:-4], "little")
        if parquet[:4] != MAGIC or parquet[-4:] != MAGIC or size > len(parquet) - 12:
            raise ValueError("not a whole parquet file")
        end = len(parquet) - 8 - size
        footer = _Reader(bytes(parquet[end:-8])).struct()
        for group in footer[_GROUPS][1].values:
            _move(group, self._place - len(MAGIC), self._count)
            _write_struct(self._groups, group)
            self._count += 1
        self._file.write(parquet[len(MAGIC) : end])
        self._place += end - len(MAGIC)
        self.rows += footer[_ROWS][1]
        self._footer = self._footer or footer

    def finish(self) -> None:
        """Write the footer; the file is whole then, and for its owner to close."""
        self._footer |= {_ROWS: (6, self.rows), _GROUPS: (_LIST, Items(_STRUCT, self._groups, self._count))}
        out = bytearray()
        _write_struct(out, self._footer)
        self._file.write(bytes(out) + len(out).to_bytes(4, "little") + MAGIC)


def _move(group: Struct, by: int, number: int) -> None:
    if _GROUP_PLACE in group:
        group[_GROUP_PLACE] = (6, group[_GROUP_PLACE][1] + by)
    group[_ORDINAL] = (4, number)
    for chunk in group[_CHUNKS][1].values:
        if chunk[_CHUNK_PLACE][1]:  # newer writers leave this one at 0
            chunk[_CHUNK_PLACE] = (6, chunk[_CHUNK_PLACE][1] + by)
        facts = chunk[_CHUNK_FACTS][1]
        for page in _PAGES:
            if page in facts:
                facts[page] = (6, facts[page][1] + by)


class _Reader:
    """Reads Thrift's compact protocol, as far as parquet uses it."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def struct(self) -> Struct:
        out: Struct = {}
        number = 0
        while head := self._byte():
            kind, step = head & 15, head >> 4
            number = number + step if step else self._integer()
            out[number] = (kind, kind == _TRUE if kind <= _FALSE else self._value(kind))
        return out

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _varint(self) -> int:
        value = shift = 0
        while (byte := self._byte()) & 128:
            value |= (byte & 127) << shift
            shift += 7
        return value | byte << shift

    def _integer(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)

    def _take(self, size: int) -> bytes:
        self._at += size
        return self._data[self._at - size : self._at]

    def _value(self, kind: int) -> Any:
        if kind in _INTEGERS:
            return self._integer()
        if kind == _BINARY:
            return self._take(self._varint())
        if kind == _STRUCT:
            return self.struct()
        if kind in (_LIST, _SET):
            head = self._byte()
            size = head >> 4 if head >> 4 < 15 else self._varint()
            return Items(head & 15, [self._value(head & 15) for _ in range(size)], size)
        if kind in (_TRUE, _FALSE, _BYTE):
            return self._byte()
        if kind == _DOUBLE:
            return struct.unpack("<d", self._take(8))[0]
        raise ValueError(f"a footer with Thrift type {kind}, which parquet does not use")


def _write_varint(out: bytearray, value: int) -> None:
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)


def _write_integer(out: bytearray, value: int) -> None:
    _write_varint(out, value << 1 if value >= 0 else ~value << 1 | 1)


def _write_struct(out: bytearray, fields: Struct) -> None:
    before = 0
    for number, (kind, value) in sorted(fields.items()):
        kind = (_TRUE if value else _FALSE) if kind <= _FALSE else kind
        if 0 < number - before < 16:
            out.append(number - before << 4 | kind)
        else:
            out.append(kind)
            _write_integer(out, number)
        if kind > _FALSE:
            _write(out, kind, value)
        before = number
    out.append(0)


def _write(out: bytearray, kind: int, value: Any) -> None:
    if kind in _INTEGERS:
        _write_integer(out, value)
    elif kind == _BINARY:
        _write_varint(out, len(value))
        out += value
    elif kind == _STRUCT:
        _write_struct(out, value)
    elif kind in (_LIST, _SET):
        out.append(min(value.size, 15) << 4 | value.kind)
        if value.size >= 15:
            _write_varint(out, value.size)
        if isinstance(value.values, bytearray):
            out += value.values
        else:
            for item in value.values:
                _write(out, value.kind, item)
    elif kind == _DOUBLE:
        out += struct.pack("<d", value)
    else:
        out.append(value)
