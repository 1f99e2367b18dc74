"""`jaga db`, `jaga people`, `jaga tokens`, `jaga audit`, as typed."""

from __future__ import annotations

import contextlib
import io
import json
import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from argon2 import PasswordHasher
from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from features.cli import main
from models import chain
from serving import store_cli, terminal
from serving.access import accounts, passwords, rights
from serving.audit import reads, trail
from serving.cases import visits as case_visits
from serving.problems import Problem
from serving.store import away, engine, people, schema, visits
from serving.store.engine import Store, open_store
from serving.store.numbers import day_of
from serving.store.tables import drafts

GOOD = "kopi tubruk pagi hari"
Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], store: Store) -> Say:
    """Type a command at a store of each engine; exit code, what it printed, what it complained of."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(1, 8, 1))
    monkeypatch.setattr("getpass.getuser", lambda: "operator")
    monkeypatch.setenv("JAGA_DB", store.engine.url.render_as_string(hide_password=False))

    def run(line: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        speaks = line.startswith(("audit ", "data feedback", "people ", "tokens ", "db "))
        english = ["--language", "en"] if speaks and "--language" not in line else []
        code = main([*line.split(), *english])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def test_every_scope_of_a_token_may_be_typed() -> None:
    assert tuple(rights.SCOPES) == store_cli._SCOPES


def test_from_the_first_administrator_to_an_officer_who_signs_in(say: Say, store: Store, tmp_path: Path) -> None:
    code, out, _ = say("people add kepala --name Kepala --first --password-stdin", GOOD + "\n")
    assert (code, out) == (0, "kepala was added as the first administrator\n")
    assert "already" in say("people add lain --name Lain --first --generate")[2]
    code, out, _ = say("people add dewi --name Dewi --generate")
    made = re.search(r"password: (\S+)", out)
    assert made is not None
    assert say("people grant dewi officer 3204")[:2] == (0, "dewi: officer in 3204\n")
    assert "already" in say("people grant dewi officer 3204")[1]
    assert accounts.enter(store, "dewi", made[1], "127.0.0.1").person.must_change
    code, out, _ = say(f"people list --json {tmp_path / 'people.json'}")
    assert "officer:3204" in out
    assert made[1] not in out
    listed = json.loads((tmp_path / "people.json").read_text())
    assert [(own["account"], own["roles"]) for own in listed] == [
        ("dewi", ["officer:3204"]), ("kepala", ["administrator:ID"])]  # fmt: skip
    assert "password" not in listed[0] or listed[0]["signs_in"] == "password"
    assert say("people revoke dewi officer 3204")[0] == 0
    assert "is not officer" in say("people revoke dewi officer 3204")[2]
    assert say("people lock dewi")[0] == 0
    assert "LOCKED" in say("people list")[1]
    assert say("people unlock dewi")[0] == 0
    assert "new first password" in say("people reset dewi --password-stdin", "teh melati sore hari\n")[1]
    accounts.enter(store, "dewi", "teh melati sore hari", "127.0.0.1")
    assert "last administrator" in say("people lock kepala")[2]


@pytest.mark.parametrize(("line", "typed", "told"), [
    ("people add dewi --name Dewi --password-stdin", "pendek\n", "12 to 256"),
    ("people add dewi --name Dewi --password-stdin", "teh dewi sore hari\n",
     "the password must not contain the name of the account"),
    ("people add dewi --name Dewi --password-stdin", "indonesia1234\n", "easy to guess"),
    ("people add Dewi! --name Dewi --generate", "", "account"),
    ("people add dewi --name Dewi", "", "--password-stdin or --generate"),
    ("people add dewi --name Dewi --generate --no-password", "", "choose one"),
    ("people add dewi --name Dewi --provider", "", "no OpenID provider"),
    ("people add dewi --name Dewi --generate --subject x", "", "--subject"),
    ("people grant nobody officer 3204", "", "no account nobody"),
    ("people grant nobody officer 320", "", "no area"),
    ("people grant nobody officer 9999", "", "no province or regency with the BPS code 9999"),
    ("people grant nobody officer 99", "", "no province or regency with the BPS code 99"),
    ("tokens revoke abcdefgh", "", "no token"),
    ("audit show --since yesterday", "", "--since"),
    ("audit show --count 0", "", "--count"),
    ("audit show --household K", "", "--household"),
    ("db tidy --draft-days 0", "", "--draft-days"),
    ("db copy --to mysql://x/y", "", "not known"),
])  # fmt: skip
def test_what_cannot_be_done_is_told_with_code_2(say: Say, line: str, typed: str, told: str) -> None:
    code, _, error = say(line, typed)
    assert code == 2
    assert told in error
    assert "Traceback" not in error


def test_an_account_is_tied_to_a_person_of_the_provider(
    say: Say, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    say("people add dewi --name Dewi --generate")
    assert say("people tie dewi --subject s-dewi")[::2] == (
        2, "jaga: no OpenID provider is set up (oidc.toml, JAGA_OIDC_ISSUER)\n")  # fmt: skip
    monkeypatch.setenv("JAGA_OIDC_ISSUER", "https://sso.example")
    monkeypatch.setenv("JAGA_OIDC_CLIENT", "jaga")
    assert say("people tie dewi --subject s-dewi")[:2] == (
        0, "dewi signs in at the OpenID provider from now on, and by no other way\n")  # fmt: skip
    with store.reading() as connection:
        dewi = people.by_account(connection, "dewi")
    assert dewi is not None
    assert (dewi.issuer, dewi.subject, dewi.password) == ("https://sso.example", "s-dewi", None)


def test_no_command_takes_a_password_as_an_argument(say: Say) -> None:
    for line in ("people add dewi --name Dewi --password x", "people reset dewi --password x"):
        with pytest.raises(SystemExit):
            main(line.split())


def test_a_password_is_asked_for_twice_at_a_terminal(
    say: Say, store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for answers, code in (([GOOD, GOOD + "x"], 2), ([GOOD, GOOD], 0)):
        monkeypatch.setattr("sys.stdin", Terminal())
        monkeypatch.setattr("getpass.getpass", lambda _, answers=answers: answers.pop(0))
        assert main(["people", "add", "dewi", "--name", "Dewi"]) == code
    accounts.enter(store, "dewi", GOOD, "127.0.0.1")


def test_a_token_is_printed_once_and_revoked(say: Say, tmp_path: Path) -> None:
    say("people add mesin --name Mesin --no-password")
    code, out, _ = say("tokens add mesin --label SIKS --scope score --scope lists.read --area 3204 --days 30")
    secret = out.split()[0]
    assert (code, secret.startswith("jaga_")) == (0, True)
    code, out, _ = say(f"tokens list --json {tmp_path / 'tokens.json'}")
    assert secret not in out + (tmp_path / "tokens.json").read_text()
    assert "holds" in out
    assert "lists.read score" in out
    assert say(f"tokens revoke {secret[:13]}")[0] == 0
    assert "revoked" in say("tokens list")[1]
    assert "days" in say("tokens add mesin --label SIKS --scope score --days 400")[2]
    say("people grant mesin officer 3273")
    told = say("tokens add mesin --label SIKS --scope score --area 3204")[2]
    assert "Regency (3204) shares nothing with the rights of this account (officer: Kota Bandung (3273))" in told
    assert say("tokens add mesin --label SIKS --scope score --area 32")[0] == 0, "around the right"


def test_the_log_is_shown_verified_and_found_broken(say: Say, store: Store, tmp_path: Path) -> None:
    say("people add dewi --name Dewi --generate")
    say("people grant dewi officer 3204")
    anchor = tmp_path / "anchor.json"
    assert say(f"audit verify --anchor {anchor}")[:2] == (0, "the log is whole up to row 2\n")
    assert json.loads(anchor.read_text())["row"] == 2
    say("people lock dewi")
    assert say(f"audit verify --anchor {anchor}")[0] == 0
    assert json.loads(anchor.read_text())["row"] == 3
    out = say("audit show --by operator --act people.grant --since 2026-01-01")[1]
    assert "people.grant" in out
    assert "3204" in out
    assert "people.add" not in out
    assert len(say("audit show --act people --object dewi")[1].splitlines()) == 3
    assert say("audit show --since 2030-01-01 --language en")[1] == "no row of the log matches\n"
    assert say("audit show --act peop")[1] == "no row of the log matches\n"
    later = tmp_path / "later.json"
    later.write_text(json.dumps({"row": 9000, "hash": "0" * 64}))
    out = say(f"audit verify --anchor {later}")[1]
    assert out == "BROKEN: audit row 4 is missing: row 9000 was seen before, 3 are there\n"
    with pytest.raises(trail.BrokenLogError) as broken, store.reading() as connection:
        trail.verify(connection, (9000, "0" * 64))
    assert broken.value.words[0] == "baris audit 4 hilang: baris 9000 pernah dilihat, 3 ada"
    with store.writing() as connection:
        if store.sqlite:
            connection.execute(text("DROP TRIGGER guard_audit_update"))
        else:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE audit SET account = 'budi' WHERE n = 2"))
    code, out, _ = say("audit verify")
    assert (code, out) == (1, "BROKEN: audit row 2 was changed, moved or put in\n")
    # Where no anchor can be kept that is told at once, and not after the whole log was read.
    for where in (tmp_path / "none" / "a.json", anchor / "a.json", tmp_path):
        code, out, err = say(f"audit verify --anchor {where}")
        assert (code, out) == (2, "")
        assert "cannot be written" in err
    for bent in ("{}", '{"row": -5, "hash": "x"}', '{"row": 1e400, "hash": "x"}', "[" * 9999):
        anchor.write_text(bent)
        assert say(f"audit verify --anchor {anchor}")[0] == 2
        assert anchor.read_text() == bent


def test_rows_that_wait_are_told_and_missed(say: Say, store: Store) -> None:
    waiting = reads.waiting()
    chain.append(waiting, {"act": "household.see"}, store.seal, purpose="audit-waiting")
    code, out, _ = say("audit verify")
    assert (code, out.splitlines()[1]) == (0, "note: 1 rows of readings while the database was away are not in it yet")
    waiting.unlink()
    code, out, _ = say("audit verify")
    assert (code, out) == (1, f"BROKEN: {waiting.name} line 1 is missing: 1 were written, 0 are there\n")


def test_the_database_is_checked_copied_and_brought_up_to_date(say: Say, store: Store, tmp_path: Path) -> None:
    newest = schema.newest()
    assert say("db check")[:2] == (0, f"the tables are what this version expects (revision {newest})\n")
    assert say("db upgrade")[:2] == (0, f"the tables are at revision {newest}\n")
    say("people add dewi --name Dewi --generate")
    other = f"sqlite:///{tmp_path / 'other.sqlite'}"
    assert "jaga db upgrade" in say(f"db copy --to {other}")[2]
    made = open_store(other)
    schema.upgrade(made)
    made.close()
    code, out, _ = say(f"db copy --to {other}")
    assert code == 0
    assert re.search(r"people +1\n", out)
    with store.writing() as connection:
        connection.execute(text("ALTER TABLE people ADD COLUMN more INTEGER"))
    code, out, _ = say("db check")
    assert code == 1
    assert "more" in out


def test_a_copy_of_a_database_in_use_says_so(say: Say, store: Store, tmp_path: Path) -> None:
    say("people add dewi --name Dewi --generate")
    other = f"sqlite:///{tmp_path / 'other.sqlite'}"
    made = open_store(other)
    schema.upgrade(made)
    with store.reading() as service:
        service.execute(text("SELECT 1"))
        code, out, _ = say(f"db copy --to {other}")
    assert code == 1, "a script must not go on as if all were there"
    assert out.startswith("the database is in use, by the service or another command; stop that first")
    store.close()
    say("db upgrade")
    assert "in use" not in say(f"db copy --to {other}")[1]
    made.close()


def test_the_database_of_other_keys_is_told_so_instead_of_each_right(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    say("people add kepala --name Kepala --first --password-stdin", GOOD + "\n")
    monkeypatch.setenv("JAGA_KEYS", f"door={'12' * 32},seal={'34' * 32}")
    code, out, _ = say("db check")
    assert code == 1
    assert out.splitlines() == [
        "the head of the audit log was altered, or signed with the key of another installation (see JAGA_KEYS)"
    ]


def test_a_full_disk_is_told_to_whoever_can_free_it() -> None:
    told = terminal.told(Problem("storage_full"))
    assert all("administrator" not in own for own in told.words)
    assert "Free some, then type the same command" in told.words[1]


def test_a_right_a_token_or_an_open_account_that_the_log_does_not_know_is_named(say: Say, store: Store) -> None:
    say("people add kepala --name Kepala --first --password-stdin", GOOD + "\n")
    for account in ("dewi", "rini", "mesin"):
        say(f"people add {account} --name {account} --no-password")
    say("people grant dewi officer 3204")
    say("people grant dewi verifier 32")
    say("people revoke dewi verifier 32")
    say("people lock rini")
    secrets = {label: say(f"tokens add mesin --label {label} --scope score")[1].split("\n")[0] for label in "abc"}
    kept, changed, revoked = (secret.split("_")[1] for secret in secrets.values())
    say(f"tokens revoke {revoked}")
    assert say("db check")[0] == 0, say("db check")[1]
    with store.writing() as connection:
        for line in (
            "UPDATE grants SET ended = NULL WHERE role = 'verifier'",
            "INSERT INTO grants (person, role, area, since) SELECT person, 'officer', '', since FROM grants "
            "WHERE role = 'officer'",
            f"UPDATE tokens SET revoked = NULL WHERE prefix = '{revoked}'",
            f"UPDATE tokens SET scopes = 'score lists.read' WHERE prefix = '{changed}'",
            "INSERT INTO tokens (person, label, prefix, hash, scopes, area, created, expires) SELECT person, label, "
            f"'zzzzzzzz', 'f', scopes, area, created, expires FROM tokens WHERE prefix = '{kept}'",
            "UPDATE people SET locked = (SELECT locked FROM people WHERE account = 'dewi') WHERE account = 'rini'",
        ):  # fmt: skip
            connection.execute(text(line))
    code, out, _ = say("db check")
    assert code == 1
    assert sorted(out.splitlines()) == sorted(f"{own} is not in the audit log as it is" for own in (
        "right verifier in 32 of dewi", "right officer in ID of dewi", f"token {revoked} of mesin",
        f"token {changed} of mesin", "token zzzzzzzz of mesin", "account rini, which was locked,"))  # fmt: skip


def test_a_visit_that_was_rewritten_or_deleted_beside_the_log_is_counted(say: Say, store: Store) -> None:
    codes = ["7K3M9Q2PT5XA", "7K3M9Q2PT5XF", "7K3M9Q2PT5XG"]
    say("people add dewi --name Dewi --no-password")
    with store.writing() as connection:
        dewi = people.by_account(connection, "dewi")
        assert dewi is not None
        own = trail.terminal("dewi")
        for code in codes:
            found = visits.Found("above", day_of(store.clock()), note="di rumah")
            number = visits.add(connection, rights.Areas(("32",)), dewi.id, code, "32", "3204", found)
            case_visits._told(connection, own, "visit.record", number)
    assert say("db check")[0] == 0, say("db check")[1]
    with store.writing() as connection:
        connection.execute(text(f"UPDATE visits SET note = 'kaya' WHERE household = '{codes[0]}'"))
        connection.execute(text(f"DELETE FROM visits WHERE household = '{codes[1]}'"))
    code, out, _ = say("db check")
    assert code == 1
    assert out.splitlines() == ["visits not in the audit log as they are: 1",
                                "visits recorded by the audit log that are there no more: 1"]  # fmt: skip


def test_what_is_old_is_deleted_on_purpose_and_the_log_says_so(say: Say, store: Store) -> None:
    say("people add dewi --name Dewi --no-password")
    past = datetime.now(UTC) - timedelta(days=1)
    with store.writing() as connection:
        own = people.by_account(connection, "dewi")
        assert own is not None
        connection.execute(
            drafts.insert().values(person=own.id, path="/kunjungan", answers={}, created=past, until=past)
        )
    code, out, _ = say("db tidy --dry-run")
    assert code == 0
    assert re.search(r"(?m)^drafts +1$", out)
    assert "nothing was deleted" in out
    assert say("audit show --act db")[1] == "no row of the log matches\n"
    assert re.search(r"(?m)^drafts +1$", say("db tidy")[1])
    assert re.search(r"(?m)^drafts +0$", say("db tidy --dry-run")[1])
    shown = say("audit show --act db.tidy")[1].splitlines()
    assert len(shown) == 1
    assert shown[0].endswith("(1)")


def test_the_trace_of_one_household_is_found_by_its_code(say: Say, store: Store) -> None:
    with store.writing() as connection:
        for shown in (["7K3M9Q2PT5XA", "8K3M9Q2PT5XB"], ["8K3M9Q2PT5XB"]):
            trail.write(connection, trail.NOBODY, "household.see", households=shown, count=len(shown))
        trail.write(connection, trail.NOBODY, "household.report", object="7K3M9Q2PT5XA")
    lines = say("audit show --household 7K3M-9Q2P-T5XA")[1].splitlines()
    assert [line.split()[3] for line in lines] == ["household.see", "household.report"]


def test_a_database_that_is_away_is_told_in_a_line(say: Say, monkeypatch: pytest.MonkeyPatch, free_port: int) -> None:
    monkeypatch.setenv("JAGA_DB", f"postgresql://jaga:rahasia@127.0.0.1:{free_port}/jaga?password=rahasia")
    for line in ("people list", "db check", "data feedback --output nowhere.csv"):
        code, _, error = say(line)
        assert code == 2
        assert f"the database postgresql://jaga@127.0.0.1:{free_port}/jaga cannot be reached" in error, line
        assert "start it" in error
        assert "JAGA_DB" in error
        assert "rahasia" not in error
    assert not Path("nowhere.csv").exists()


REFUSED = 'connection failed: connection to server at "10.0.0.7", port 6543 failed: '
AWAY: tuple[tuple[str, str, str], ...] = (
    (f"{REFUSED}Connection refused", "server di 10.0.0.7:6543 menolak sambungan", "refused the connection"),
    ("connection timeout expired", "server di 10.0.0.7:6543 tidak menjawab pada waktunya", "did not answer in time"),
    (f'{REFUSED}FATAL:  password authentication failed for user "jaga"', "tidak menerima akun atau kata sandinya",
     "takes no such account or password"),
    (f'{REFUSED}FATAL:  database "jaga" does not exist', "tidak ada database dengan nama itu",
     "has no database of that name"),
    (f"{REFUSED}FATAL:  strange rahasia", 'tidak dapat dipakai; katanya: "FATAL:  strange ***"',
     'cannot be used; it says: "FATAL:  strange ***"'),
)  # fmt: skip


@pytest.mark.parametrize(("said", "indonesian", "english"), AWAY)
def test_why_a_server_is_away_is_told_in_both_languages(said: str, indonesian: str, english: str) -> None:
    url = make_url("postgresql+psycopg://jaga:rahasia@10.0.0.7:6543/jaga")
    told = away.why(OperationalError("", None, psycopg.OperationalError(f"{said}\n\tIs the server running?")), url)
    assert (indonesian in told[0], english in told[1]) == (True, True), told
    for words in told:
        assert "10.0.0.7:6543" in words
        assert "rahasia" not in words
        assert ("Connection refused" in words or "FATAL" in words) == ("strange" in said), "no words of others unmarked"


def test_each_command_says_why_the_server_is_away_in_its_language(
    say: Say, monkeypatch: pytest.MonkeyPatch, free_port: int
) -> None:
    monkeypatch.setenv("JAGA_DB", f"postgresql://jaga:rahasia@127.0.0.1:{free_port}/jaga")
    for line in ("people list", "audit verify", "db check", "tokens list"):
        for language, words in (("id", f"server di 127.0.0.1:{free_port} menolak sambungan"),
                                ("en", f"the server at 127.0.0.1:{free_port} refused the connection")):  # fmt: skip
            code, _, error = say(f"{line} --language {language}")
            assert (code, words in error, "Connection refused" in error) == (2, True, False), error


def test_a_file_that_is_locked_or_is_none_is_told_by_name(
    say: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "own.sqlite"
    monkeypatch.setenv("JAGA_DB", f"sqlite:///{path}")
    assert say("db upgrade")[0] == 0
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for language, words in (("id", "berkasnya sedang dikunci proses lain"),
                                ("en", "another process holds its file locked")):  # fmt: skip
            code, _, error = say(f"people add siti --name Siti --no-password --language {language}")
            assert (code, f"sqlite:///{path}" in error, words in error) == (2, True, True), error
    path.with_name("text.sqlite").write_text("no database at all " * 100)
    monkeypatch.setenv("JAGA_DB", f"sqlite:///{path.with_name('text.sqlite')}")
    code, _, error = say("people list --language id")
    assert (code, "berkas itu bukan database SQLite" in error) == (2, True), error
    monkeypatch.setenv("JAGA_DB", f"sqlite:///{path}/below/own.sqlite")
    code, _, error = say("people list --language id")
    assert (code, "tidak dapat ditulis (jalurnya melewati berkas, bukan folder)" in error) == (2, True), error
