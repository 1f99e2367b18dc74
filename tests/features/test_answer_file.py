"""What `--json FILE` leaves where something stands already."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from features import answer_file
from features.commands import UserError


def test_a_pipe_is_written_through_and_stays_one(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    answer_file.writable(pipe)
    answer_file.write(pipe, "{}\n")
    reader.join(10)
    assert read == ["{}\n"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_link_goes_on_pointing_at_the_file_that_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    target, link = tmp_path / "far" / "real.json", tmp_path / "link.json"
    link.symlink_to(target)
    for text in ("new\n", "newer\n"):  # dangling at first
        answer_file.writable(link)
        answer_file.write(link, text)
        assert link.is_symlink()
        assert target.read_text() == text
    assert [path.name for path in target.parent.iterdir()] == ["real.json"]


def test_a_file_is_replaced_whole_and_keeps_who_may_read_it(tmp_path: Path) -> None:
    own = tmp_path / "new" / "own.json"
    answer_file.write(own, "old\n")
    own.chmod(0o600)
    with own.open() as before:
        answer_file.write(own, "new\n")
        assert before.read() == "old\n"  # not written into
    assert (own.read_text(), stat.S_IMODE(own.stat().st_mode)) == ("new\n", 0o600)
    assert [path.name for path in own.parent.iterdir()] == ["own.json"]


def test_what_a_shell_redirects_is_not_taken_from_under_it(tmp_path: Path) -> None:
    code = "import pathlib, sys; from features import answer_file; print('head', flush=True); " \
           "answer_file.write(pathlib.Path('/dev/stdout'), 'answer\\n')"  # fmt: skip
    for mode, kept in (("a", "before\n"), ("w", "")):
        (tmp_path / "out.txt").write_text("before\n")
        with (tmp_path / "out.txt").open(mode) as out:
            subprocess.run([sys.executable, "-c", f"{code}; print('tail')"], stdout=out, check=True)
        assert (tmp_path / "out.txt").read_text() == f"{kept}head\nanswer\ntail\n"
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    for act in (answer_file.writable, lambda path: answer_file.write(path, "{}")):
        with pytest.raises(UserError, match=f"{tmp_path} cannot be written"):
            act(tmp_path)
    with pytest.raises(UserError, match=r"/dev/full cannot be written \(no room is left\)"):
        answer_file.write(Path("/dev/full"), "{}")
    answer_file.write(None, "{}")
