"""Keyed codes in place of ids: a number of a person never passes the door.

Keys come from the variable `JAGA_KEYS` (`door=HEX,seal=HEX`) or from a file of mode 600 in the user's
configuration folder, made on first use.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from features.commands import UserError
from features.home import configuration

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 symbols without 0, O, 1 and I, so that a code can be read aloud and typed."""

CODE = re.compile(rf"(?=.*[A-Z])[{ALPHABET}]{{12}}\Z")
"""A code has a letter, so that a raw number of twelve digits is never taken for one."""

_BETWEEN = re.compile(r"[\s.-]")

PUBLIC_KEY = b"synthetic data: this key is public"
"""Key of synthetic ids, the same everywhere, so that their bytes are equal on any machine."""


@dataclass(frozen=True, slots=True)
class Keys:
    """`door` makes ids into codes, `seal` signs records; never printed."""

    door: bytes
    seal: bytes

    def __repr__(self) -> str:
        return "Keys(...)"


def written(text: str) -> str:
    """The code of a text that holds one as it is printed (`7K3M-9Q2P-T5XA`) or typed, with blanks and small letters;
    any other text as it is.

    For what people give to say whom they mean. Files of a register are not read so: their ids are keyed at the door.
    """
    plain = _BETWEEN.sub("", text).upper()
    return plain if CODE.match(plain) else text


def grouped(text: str) -> str:
    """A household's code as people read it, in groups of four (`7K3M-9Q2P-T5XA`); any other text as it is."""
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4)) if CODE.match(text) else text


def key_ids(values: Sequence[str], key: bytes) -> list[str]:
    """Codes of 12 symbols (60 bits of BLAKE2b under `key`); a value that is such a code already stays.

    Twelve symbols of 32 leave about 0.4 % chance of one clash among 95 million families; loading refuses one.
    """
    return [value if CODE.match(value) else _code(value, key) for value in values]


def _code(value: str, key: bytes) -> str:
    number = int.from_bytes(hashlib.blake2b(value.encode(), key=key[:64], digest_size=8).digest(), "big")
    code = "".join([ALPHABET[(number >> shift) & 31] for shift in range(55, -1, -5)])
    return code if CODE.match(code) else _code(value + ".", key)


def load() -> Keys:
    """The keys of this installation, from `JAGA_KEYS` or the key file, made when missing."""
    given = os.environ.get("JAGA_KEYS")
    if given:
        return _parse(given, "JAGA_KEYS")
    path = configuration() / "keys"
    if not path.exists():
        _create(path)
    if path.stat().st_mode & 0o077:
        raise UserError(f"{path} can be read by others; set its mode to 600 (chmod 600 {path})")
    return _parse(path.read_text(), str(path))


def door(synthetic: bool) -> bytes:
    """The key that makes ids of a source into codes: the public one for made-up families, else the installation's."""
    return PUBLIC_KEY if synthetic else load().door


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = f"door={secrets.token_hex(32)},seal={secrets.token_hex(32)}\n"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was first: its keys are the keys
        return
    with os.fdopen(handle, "w") as file:
        file.write(text)


def _parse(text: str, where: str) -> Keys:
    parts = dict(part.split("=", 1) for part in text.strip().split(",") if "=" in part)
    try:
        keys = Keys(bytes.fromhex(parts["door"]), bytes.fromhex(parts["seal"]))
    except (KeyError, ValueError):
        raise UserError(f"{where} must read door=HEX,seal=HEX") from None
    if min(len(keys.door), len(keys.seal)) < 16:
        raise UserError(f"{where}: each key needs at least 16 bytes (32 hex digits)")
    return keys
