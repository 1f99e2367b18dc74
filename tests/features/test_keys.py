"""Keys and codes: made once, kept private, and no raw id looks like a code."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import keys
from features.commands import UserError

KEY = b"k" * 32


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "jaga" / "keys"


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1), min_size=1))
def test_code_is_a_code_and_stays_one(values: list[str]) -> None:
    codes = keys.key_ids(values, KEY)
    assert all(keys.CODE.match(code) and any(symbol.isalpha() for symbol in code) for code in codes)
    assert keys.key_ids(codes, KEY) == codes
    assert keys.key_ids(codes, b"x" * 32) == codes
    assert len(set(codes)) == len(set(values))


@given(st.text("23456789", min_size=12, max_size=12))
def test_twelve_digits_are_an_id_and_no_code(digits: str) -> None:
    assert keys.key_ids([digits], KEY) != [digits]


def test_codes_depend_on_the_key_and_on_nothing_else() -> None:
    assert keys.key_ids(["family 1"], KEY) == keys.key_ids(["family 1"], KEY)
    assert keys.key_ids(["family 1"], KEY) != keys.key_ids(["family 1"], b"x" * 32)
    assert keys.key_ids(["family 1"], keys.PUBLIC_KEY) == ["324CWCCH95BW"]


@pytest.mark.parametrize("text", ["ABCDEFGHJKL", "ABCDEFGHJKLMN", "ABCDEFGHJKL0", "abcdefghjklm", "ABCDEFGHJKLM\n"])
def test_what_is_no_code(text: str) -> None:
    assert not keys.CODE.match(text)


def test_key_file_is_made_once_and_private(key_file: Path) -> None:
    first = keys.load()
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert key_file.parent.stat().st_mode & 0o077 == 0
    assert first == keys.load()
    assert first.door != first.seal
    assert len(first.door) == len(first.seal) == 32


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_key_file_that_others_can_read_is_refused(key_file: Path, mode: int) -> None:
    keys.load()
    key_file.chmod(mode)
    with pytest.raises(UserError, match="can be read by others; set its mode to 600"):
        keys.load()


def test_keys_of_the_environment_come_first(key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAGA_KEYS", f"door={'ab' * 16},seal={'cd' * 32}\n")
    found = keys.load()
    assert found == keys.Keys(b"\xab" * 16, b"\xcd" * 32)
    assert not key_file.exists()


@pytest.mark.parametrize(("text", "words"), [
    ("door=abcd", "must read door=HEX,seal=HEX"), ("hello", "must read door=HEX,seal=HEX"),
    (f"door={'zz' * 16},seal={'ab' * 16}", "must read door=HEX,seal=HEX"),
    (f"door=abcd,seal={'ab' * 16}", "at least 16 bytes"),
])  # fmt: skip
def test_bad_keys_are_one_error_that_shows_none(text: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAGA_KEYS", text)
    with pytest.raises(UserError, match=words) as error:
        keys.load()
    assert "abcd" not in str(error.value)


def test_damaged_key_file_is_one_error(key_file: Path) -> None:
    keys.load()
    key_file.write_text("")
    with pytest.raises(UserError, match="must read door=HEX,seal=HEX"):
        keys.load()


def test_keys_are_never_printed() -> None:
    shown = repr(keys.Keys(b"secret" * 4, b"hidden" * 4))
    assert shown == "Keys(...)"
    assert os.environ.get("JAGA_KEYS") is None


def test_the_key_of_made_up_families_is_public_and_that_of_others_is_not(key_file: Path) -> None:
    assert keys.door(True) == keys.PUBLIC_KEY
    assert keys.door(False) == keys.load().door != keys.PUBLIC_KEY


def test_what_is_printed_in_groups_is_read_as_the_code_and_other_text_stays():
    code = keys.key_ids(["family 1"], b"key")[0]
    assert keys.grouped(code) == f"{code[:4]}-{code[4:8]}-{code[8:]}"
    assert keys.written(keys.grouped(code)) == code
    for other in ("D-2026-0001", "dewi", "234567892345", "-"):
        assert keys.grouped(other) == other


def test_a_key_is_of_sixteen_bytes_at_least_and_may_be_longer_than_the_hash_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for door, seal in ((15, 16), (16, 15)):
        monkeypatch.setenv("JAGA_KEYS", f"door={'ab' * door},seal={'cd' * seal}")
        with pytest.raises(UserError, match="at least 16 bytes"):
            keys.load()
    assert keys.key_ids(["family 1"], b"k" * 99) == keys.key_ids(["family 1"], b"k" * 64)
    assert keys.key_ids(["family 1"], b"k" * 64) != keys.key_ids(["family 1"], b"k" * 63)
