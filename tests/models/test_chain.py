"""A log cannot be rewritten, shortened or added to without being found out, with the line that is wrong."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
from pathlib import Path

import pytest

from models import chain
from models.chain import ChainError

KEY = b"0123456789abcdef"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "audit" / "log.jsonl"
    for number in range(4):
        assert chain.append(path, {"number": number, "who": "Siti"}, KEY) == number + 1
    return path


def test_what_was_appended_is_read_back_in_order(log: Path) -> None:
    assert chain.verify(log, KEY) == 4
    assert [body["number"] for body in chain.bodies(log, KEY)] == [0, 1, 2, 3]


def test_a_log_that_was_never_begun_is_empty(tmp_path: Path) -> None:
    assert chain.verify(tmp_path / "none.jsonl", KEY) == 0


@pytest.mark.parametrize("line", [1, 2, 3, 4])
@pytest.mark.parametrize("field", ["body", "hash", "previous", "n"])
def test_the_first_altered_line_is_named(log: Path, line: int, field: str) -> None:
    lines = log.read_text().splitlines()
    stored = json.loads(lines[line - 1])
    stored[field] = {"number": 9} if field == "body" else "0" * 63 + "1" if field != "n" else 9
    lines[line - 1] = json.dumps(stored)
    log.write_text("\n".join(lines) + "\n")
    with pytest.raises(ChainError, match=f"line {line} "):
        chain.verify(log, KEY)


def test_a_rewritten_history_with_good_hashes_is_refused(log: Path) -> None:
    forged = log.with_name("forged.jsonl")
    for number in range(4):
        chain.append(forged, {"number": number, "who": "Budi"}, b"a key of one's own")
    log.write_bytes(forged.read_bytes())
    with pytest.raises(ChainError, match="line 4 is not the one that was signed"):
        chain.verify(log, KEY)


@pytest.mark.parametrize("kept", [0, 1, 3])
def test_lines_cut_off_the_end_are_missed(log: Path, kept: int) -> None:
    log.write_text("".join(log.read_text().splitlines(keepends=True)[:kept]))
    with pytest.raises(ChainError, match=f"line {kept + 1} is missing"):
        chain.verify(log, KEY)


def test_a_line_taken_out_of_the_middle_is_missed(log: Path) -> None:
    lines = log.read_text().splitlines(keepends=True)
    log.write_text("".join(lines[:1] + lines[2:]))
    with pytest.raises(ChainError, match="line 2 "):
        chain.verify(log, KEY)


def test_a_line_added_without_the_key_is_named_and_set_aside_by_the_next_writer(log: Path) -> None:
    head = chain.read_head(log, KEY)
    stray = {"n": 5, "previous": head.last, "body": {"number": 4}, "hash": chain.link(head.last, 5, {"number": 4})}
    with log.open("a") as file:
        file.write(json.dumps(stray) + "\n")
    with pytest.raises(ChainError, match="line 5 was added without the key"):
        chain.verify(log, KEY)
    assert chain.append(log, {"number": 5}, KEY) == 5
    assert [body["number"] for body in chain.bodies(log, KEY)] == [0, 1, 2, 3, 5]
    assert json.loads(log.with_name("log.jsonl.unsealed").read_text()) == stray


@pytest.mark.parametrize("damage", ["key", "count", "gone", "text"])
def test_a_head_that_is_not_ours_is_refused_by_reader_and_writer(log: Path, damage: str) -> None:
    head = log.with_name("log.jsonl.head")
    key = KEY
    if damage == "key":
        key = b"the key of another installation"
    elif damage == "count":
        head.write_text(head.read_text().replace('"count":4', '"count":3'))
    elif damage == "gone":
        head.unlink()
    else:
        head.write_text("{")
    with pytest.raises(ChainError, match=r"log\.jsonl"):
        chain.verify(log, key)
    with pytest.raises(ChainError, match=r"log\.jsonl"):
        chain.append(log, {"number": 4}, key)


def _write(path: Path, name: str) -> None:
    for number in range(20):
        chain.append(path, {"number": number, "name": name}, KEY)


def test_writers_in_several_processes_leave_one_whole_chain(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write, args=(path, name)) for name in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
        assert writer.exitcode == 0
    written = list(chain.bodies(path, KEY))
    assert len(written) == 60
    for name in "abc":
        assert [body["number"] for body in written if body["name"] == name] == list(range(20))


def test_what_is_written_is_the_same_bytes_for_good(tmp_path: Path) -> None:
    """Who verifies a log of years ago has to work out the same hashes: keys in order, letters as they are."""
    path, before = tmp_path / "new" / "folder" / "log.jsonl", os.umask(0)
    try:
        chain.append(path, {"who": "Né", "a": 1}, KEY)
        chain.append(path.with_name("own"), {}, KEY, mode=0o600)
    finally:
        os.umask(before)
    text = path.read_text(encoding="utf-8")
    last = chain.link("0" * 64, 1, {"a": 1, "who": "Né"})
    assert text == f'{{"body":{{"a":1,"who":"Né"}},"hash":"{last}","n":1,"previous":"{"0" * 64}"}}\n'
    told = "0" * 64 + ' 1 {"a":1,"who":"Né"}'
    assert last == hashlib.sha256(told.encode()).hexdigest()
    head = chain.read_head(path, KEY)
    assert (head.count, head.size, head.last) == (1, len(text.encode()), last)
    stored = chain.head_file(path)
    assert stored.name == "log.jsonl.head"
    assert stored.read_text() == json.dumps({"count": 1, "last": last, "seal": head.seal(KEY), "size": head.size},
                                            separators=(",", ":")) + "\n"  # fmt: skip
    modes = [file.stat().st_mode & 0o777 for file in (path, stored, path.with_name("own"))]
    assert modes == [0o666, 0o644, 0o600]
    assert head.seal(KEY, "scores") != head.seal(KEY)
    with pytest.raises(ValueError, match="JSON"):
        chain.append(path, {"share": float("nan")}, KEY)
    assert chain.verify(path, KEY) == 1


def test_the_hash_of_a_line_is_that_before_the_first_for_none_and_nothing_past_the_end(log: Path) -> None:
    stored = [json.loads(line)["hash"] for line in log.read_text().splitlines()]
    assert [chain.hash_at(log, KEY, number) for number in range(6)] == ["0" * 64, *stored, None]


def test_an_empty_log_may_be_there_without_a_head_and_a_full_one_may_not(log: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    assert chain.read_head(empty, KEY) == chain.Head(0, 0, "0" * 64)
    chain.head_file(log).unlink()
    with pytest.raises(ChainError, match="the signed head, is missing"):
        chain.verify(log, KEY)
