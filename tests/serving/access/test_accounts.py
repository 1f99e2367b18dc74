"""Signing in, and what administrators may do to accounts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from serving.access import accounts, passwords, people_reads
from serving.access.rights import Caller, Grant
from serving.audit import trail
from serving.problems import Problem
from serving.store import attempts, people, sessions, tokens
from serving.store.engine import Store
from serving.store.tables import attempts as attempts_table
from serving.store.tables import audit as log
from serving.store.tables import sessions as sessions_table
from serving.store.tables import tokens as tokens_table
from tests.serving.stores import Hands, caller

ROOT = trail.terminal("operator")
GOOD = "kopi tubruk pagi hari"
OTHER = "teh melati sore hari"
ISSUER = "https://sso.example"
WHERE = "203.0.113.7"
REAL = passwords.HASHER


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost nothing: here only who may do what is looked at."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(1, 8, 1))
    passwords._nobody.cache_clear()


def told(act: Callable[[], object]) -> str:
    with pytest.raises(Problem) as refusal:
        act()
    return ":".join([refusal.value.code, *(broken.rule for broken in refusal.value.broken)])


def ready(store: Store, account: str = "dewi", *grants: Grant) -> Caller:
    accounts.add(store, ROOT, account, account.title(), password=GOOD)
    for grant in grants:
        accounts.grant(store, ROOT, account, grant)
    return caller(store, account)


def acts(store: Store) -> list[tuple[str, str, str]]:
    with store.reading() as connection:
        trail.verify(connection)
        return [(row.act, row.object, row.result) for row in connection.execute(select(log).order_by(log.c.n))]


def test_the_parameters_are_safe_and_quick_enough() -> None:
    made = REAL.hash("x")
    assert made.startswith("$argon2id$v=19$m=47104,t=2,p=1$")
    seconds = []
    for _ in range(3):
        begin = time.process_time()
        REAL.verify(made, "x")
        seconds.append(time.process_time() - begin)
    assert 0.01 < min(seconds) < 1, "about 0.08 s on the reference machine when it is idle"


def test_a_person_signs_in_and_every_step_is_in_the_log(store: Store) -> None:
    ready(store)
    entered = accounts.enter(store, " Dewi ", GOOD, WHERE)
    assert entered.person.must_change
    changed = accounts.change_password(store, caller(store, "dewi"), GOOD, OTHER, WHERE)
    assert not changed.person.must_change
    assert told(lambda: accounts.enter(store, "dewi", GOOD, WHERE)) == "bad_credentials"
    with store.reading() as connection:
        assert sessions.find(connection, entered.secret) is None  # signed out everywhere
        found = sessions.find(connection, changed.secret)
        assert found is not None
        assert found.state == "live"
        kept = connection.execute(select(sessions_table.c.id)).scalars().all()
    assert changed.secret not in kept
    assert acts(store) == [
        ("people.add", "dewi", "done"), ("session.begin", "dewi", "done"), ("password.change", "dewi", "done"),
        ("session.begin", "dewi", "done"), ("session.begin", "dewi", "refused")]  # fmt: skip


def test_wrong_account_wrong_password_and_locked_account_are_told_alike(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(sqlite_store)
    accounts.add(sqlite_store, ROOT, "mesin", "Mesin", signs_in=False)
    ready(sqlite_store, "budi")
    accounts.lock(sqlite_store, ROOT, "budi")
    checked: list[str] = []
    real = PasswordHasher.verify

    def watch(own: PasswordHasher, kept: str | bytes, given: str | bytes) -> bool:
        checked.append(str(kept))
        return bool(real(own, kept, given))

    monkeypatch.setattr(PasswordHasher, "verify", watch)
    for account, password in (("dewi", "salah salah salah"), ("tidak ada", GOOD), ("budi", GOOD), ("mesin", GOOD),
                              ("dewi", "x" * 5000)):  # fmt: skip
        before = len(checked)
        assert told(lambda account=account, password=password: accounts.enter(  # type: ignore[misc]
            sqlite_store, account, password, WHERE)) == "bad_credentials"  # fmt: skip
        assert len(checked) == before + 1, "no hash was computed: the time would tell"
    assert [row[1:] for row in acts(sqlite_store)[-5:]] == [
        ("dewi", "refused"), ("", "refused"), ("budi", "refused"), ("mesin", "refused"),
        ("dewi", "refused")]  # fmt: skip


def test_after_five_failures_an_account_waits_even_with_the_right_password(store: Store, hands: Hands) -> None:
    ready(store)
    for _ in range(5):
        assert told(lambda: accounts.enter(store, "dewi", "salah salah salah", WHERE)) == "bad_credentials"
    with pytest.raises(Problem) as refusal:
        accounts.enter(store, "dewi", GOOD, WHERE)
    assert refusal.value.sentence("id") == "Terlalu banyak percobaan. Coba lagi dalam 15 menit."
    assert refusal.value.headers["Retry-After"] == "900"
    hands.move(minutes=10)
    with pytest.raises(Problem) as refusal:
        accounts.enter(store, "dewi", GOOD, WHERE)
    assert refusal.value.values["n"] == "5"
    hands.move(days=-30)
    assert told(lambda: accounts.enter(store, "dewi", GOOD, WHERE)) == "locked_out"
    hands.move(days=30)
    assert told(lambda: accounts.enter(store, "dewi", GOOD, WHERE)) == "locked_out"
    hands.move(minutes=6)
    accounts.enter(store, "dewi", GOOD, WHERE)
    assert [row for row in acts(store) if row[0] == "session.lock"] == [("session.lock", "dewi", "refused")]


def test_an_unknown_account_waits_like_a_known_one_and_an_administrator_unlocks(store: Store) -> None:
    ready(store)
    for account in ("dewi", "tidak ada"):
        codes = [told(lambda account=account: accounts.enter(store, account, "salah salah", WHERE))  # type: ignore[misc]
                 for _ in range(7)]  # fmt: skip
        assert codes == ["bad_credentials"] * 5 + ["locked_out"] * 2
    locks = [own for act, own, _ in acts(store) if act == "session.lock"]
    assert locks == ["dewi", ""], "what is no account may be a password in the wrong field"
    accounts.unlock(store, ROOT, "dewi")
    accounts.enter(store, "dewi", GOOD, WHERE)


def test_an_address_that_tries_many_accounts_waits_and_is_kept_as_a_hash(store: Store) -> None:
    ready(store)
    for at in range(30):
        told(lambda at=at: accounts.enter(store, f"orang{at}", "salah", WHERE))  # type: ignore[misc]
    assert told(lambda: accounts.enter(store, "dewi", GOOD, WHERE)) == "locked_out"
    assert [own for act, own, _ in acts(store) if act == "session.lock"] == [""], "it is about no account"
    accounts.enter(store, "dewi", GOOD, "198.51.100.4")
    with store.reading() as connection:
        kept = str(connection.execute(select(attempts_table)).all())
    assert WHERE not in kept
    assert "orang" not in kept


def test_an_address_that_waits_locks_out_nobody_else_and_fills_no_table(store: Store) -> None:
    ready(store)
    for at in range(31):
        told(lambda at=at: accounts.enter(store, f"orang{at}", "salah", WHERE))  # type: ignore[misc]
    for at in range(20):  # it waits now; what it says of dewi and of others is not counted
        account = "dewi" if at % 2 else f"lain{at}"
        assert told(lambda account=account: accounts.enter(store, account, "salah", WHERE)) == "locked_out"  # type: ignore[misc]
    with store.reading() as connection:
        assert len(connection.execute(select(attempts_table)).all()) == 31
    accounts.enter(store, "dewi", GOOD, "198.51.100.4")


def test_signing_in_rightly_costs_an_address_nothing(store: Store) -> None:
    ready(store)
    for _ in range(40):
        accounts.enter(store, "dewi", GOOD, WHERE)


def test_many_guesses_at_once_do_not_pass_between_count_and_check(store: Store) -> None:
    ready(store)
    codes: list[str] = []
    gate = threading.Barrier(12)

    def guess() -> None:
        gate.wait()
        codes.append(told(lambda: accounts.enter(store, "dewi", "salah salah salah", WHERE)))

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes.count("bad_credentials") == 5
    assert codes.count("locked_out") == 7


@pytest.mark.parametrize(("new", "rule"), [
    ("pendek", "password_length"), ("x" * 257, "password_length"), ("Bismillah123", "password_common"),
    ("aaaaaaaaaaaab", "password_common"), ("saya-dewi-selalu", "password_account"), (GOOD, "password_same"),
])  # fmt: skip
def test_a_new_password_that_is_easy_is_refused_with_the_rule(sqlite_store: Store, new: str, rule: str) -> None:
    who = ready(sqlite_store)
    assert told(lambda: accounts.change_password(sqlite_store, who, GOOD, new, WHERE)) == f"invalid:{rule}"
    accounts.enter(sqlite_store, "dewi", GOOD, WHERE)


def test_the_same_letters_from_another_keyboard_are_the_same_password() -> None:
    assert passwords.matches(passwords.make("caf\u00e9 di bandung"), "cafe\u0301 di bandung")
    assert not passwords.matches("no hash", GOOD)
    made = passwords.generated()
    passwords.check("dewi", made)
    assert made != passwords.generated()


def test_a_hash_of_older_parameters_is_renewed_at_sign_in(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(store)
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(2, 16, 1))
    accounts.enter(store, "dewi", GOOD, WHERE)
    with store.reading() as connection:
        person = people.by_account(connection, "dewi")
    assert person is not None
    assert person.password is not None
    assert person.password.startswith("$argon2id$v=19$m=16,t=2,p=1$")
    assert "argon2" not in repr(person)


def test_sessions_end_by_time_by_a_wrong_clock_and_never_begin_again(store: Store, hands: Hands) -> None:
    ready(store)

    def state(secret: str) -> str | None:
        with store.reading() as connection:
            found = sessions.find(connection, secret)
            return found.state if found else None

    def touch(secret: str) -> None:
        with store.writing() as connection:
            sessions.touch(connection, sessions.digest(secret))

    first = accounts.enter(store, "dewi", GOOD, WHERE).secret
    for _ in range(23):
        hands.move(minutes=25)
        assert state(first) == "live"
        touch(first)
    hands.move(minutes=26)  # ten hours after the beginning
    touch(first)
    assert state(first) == "expired"
    second = accounts.enter(store, "dewi", GOOD, WHERE).secret
    hands.move(minutes=-4)
    assert state(second) == "live"
    hands.move(minutes=-2)
    assert state(second) == "expired"
    touch(second)
    hands.move(minutes=36)
    assert state(second) == "expired"
    assert state("nothing") is None


def test_rights_that_change_end_sessions_and_a_lock_ends_everything(store: Store) -> None:
    who = ready(store)
    for change in (
        lambda: accounts.grant(store, ROOT, "dewi", Grant("officer", "3204")),
        lambda: accounts.revoke(store, ROOT, "dewi", Grant("officer", "3204")),
        lambda: accounts.reset(store, ROOT, "dewi", GOOD),
        lambda: accounts.leave(store, who, everywhere=True),
        lambda: accounts.lock(store, ROOT, "dewi"),
    ):
        secret = accounts.enter(store, "dewi", GOOD, WHERE).secret
        change()
        with store.reading() as connection:
            assert sessions.find(connection, secret) is None
    assert told(lambda: accounts.enter(store, "dewi", GOOD, WHERE)) == "bad_credentials"


def test_rights_are_granted_once_dated_and_taken_away(store: Store) -> None:
    ready(store)
    given = Grant("officer", "3204")
    assert accounts.grant(store, ROOT, "dewi", given)
    assert not accounts.grant(store, ROOT, "dewi", given)
    assert accounts.revoke(store, ROOT, "dewi", given)
    assert not accounts.revoke(store, ROOT, "dewi", given)
    assert accounts.grant(store, ROOT, "dewi", given)
    with store.reading() as connection:
        person = people.by_account(connection, "dewi")
        assert person is not None
        assert people.grants_of(connection, person.id) == (given,)
        assert people.all_grants(connection) == {person.id: (given,)}


def test_the_first_administrator_is_made_once_and_the_last_one_stays(store: Store) -> None:
    accounts.first(store, ROOT, "kepala", "Kepala", GOOD)
    assert told(lambda: accounts.first(store, ROOT, "lain", "Lain", GOOD)) == "first_taken"
    with store.reading() as connection:
        assert people.by_account(connection, "lain") is None
    for act in (lambda: accounts.lock(store, ROOT, "kepala"),
                lambda: accounts.revoke(store, ROOT, "kepala", Grant("administrator", ""))):  # fmt: skip
        assert told(act) == "last_administrator"
    ready(store, "wakil", Grant("administrator", ""))
    accounts.lock(store, ROOT, "kepala")
    # Neither who cannot sign in nor who is administrator of a part could take the place of the last one.
    accounts.add(store, ROOT, "mesin", "Mesin", signs_in=False)
    accounts.grant(store, ROOT, "mesin", Grant("administrator", ""))
    ready(store, "daerah", Grant("administrator", "3204"))
    assert told(lambda: accounts.lock(store, ROOT, "wakil")) == "last_administrator"
    accounts.lock(store, ROOT, "daerah")


def test_two_who_claim_to_be_first_are_not_both(store: Store) -> None:
    results: list[str] = []

    def claim(account: str) -> None:
        try:
            accounts.first(store, ROOT, account, account, GOOD)
            results.append("made")
        except Problem as problem:
            results.append(problem.code)

    threads = [threading.Thread(target=claim, args=(f"kepala{at}",)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["first_taken", "first_taken", "first_taken", "made"]


def test_an_administrator_of_a_province_reaches_nobody_beyond_it(store: Store) -> None:
    ready(store, "kepala", Grant("administrator", ""))
    ready(store, "dewi", Grant("officer", "3204"))
    local = ready(store, "wakil", Grant("administrator", "32"))
    accounts.grant(store, local, "dewi", Grant("verifier", "3205"))
    for act in (
        lambda: accounts.reset(store, local, "kepala"),
        lambda: accounts.lock(store, local, "kepala"),
        lambda: accounts.grant(store, local, "wakil", Grant("administrator", "")),
        lambda: accounts.grant(store, local, "dewi", Grant("officer", "33")),
        lambda: accounts.make_token(store, local, "kepala", "x", ["score"]),
    ):
        assert told(act) == "not_in_area"
    nobody = caller(store, "dewi")
    assert told(lambda: accounts.add(store, nobody, "lain", "Lain")) == "forbidden_role"
    assert told(lambda: accounts.lock(store, nobody, "wakil")) == "forbidden_role"


def test_a_token_is_shown_once_limited_in_time_and_revoked_by_its_beginning(store: Store, hands: Hands) -> None:
    ready(store)
    token, secret = accounts.make_token(store, ROOT, "dewi", "SIKS-NG", ["score", "lists.read"], area="3204", days=10)
    assert secret.startswith(f"jaga_{token.prefix}_")
    assert tokens.SHAPE.fullmatch(secret)

    def find(what: str = secret) -> tokens.Token | None:
        with store.reading() as connection:
            return tokens.find(connection, what)

    assert find() == token
    assert find(secret[:-1] + ("A" if secret[-1] != "A" else "B")) is None
    assert find("jaga_") is None
    with store.reading() as connection:
        assert secret not in str(connection.execute(select(tokens_table)).all())
    hands.move(days=9)
    with store.writing() as connection:
        assert tokens.due(connection, token)
        tokens.touch(connection, token)
    hands.move(days=-30)
    with store.writing() as connection:
        tokens.touch(connection, token)
    assert find() is None, "a clock that was set back revives no token"
    hands.move(days=30)
    used = find()
    assert used is not None
    assert used.last_used == hands.time
    hands.move(days=2)
    assert find() is None
    again, secret2 = accounts.make_token(store, ROOT, "dewi", "SIKS-NG", ["score"])
    accounts.revoke_token(store, ROOT, again.prefix)
    assert find(secret2) is None
    assert told(lambda: accounts.revoke_token(store, ROOT, again.prefix)) == "no_token"


def test_who_set_a_password_does_not_read_by_rights_given_later_beyond_their_own(store: Store) -> None:
    chief = ready(store, "kepala", Grant("administrator", ""))
    local = ready(store, "wakil", Grant("administrator", "3204"))
    accounts.add(store, chief, "sari", "Sari", password=GOOD)
    assert accounts.grant(store, chief, "sari", Grant("viewer", "3204"))
    accounts.reset(store, local, "sari", OTHER)
    assert told(lambda: accounts.grant(store, chief, "sari", Grant("officer", ""))) == "reset_first"
    assert told(lambda: accounts.grant(store, chief, "sari", Grant("officer", "32"))) == "reset_first"
    assert accounts.grant(store, local, "sari", Grant("officer", "3204"))
    # Whoever changes it afterwards may be the one who set it.
    entered = accounts.enter(store, "sari", OTHER, WHERE)
    assert entered.person.must_change
    accounts.change_password(store, caller(store, "sari"), OTHER, "wedang jahe malam", WHERE)
    assert told(lambda: accounts.grant(store, chief, "sari", Grant("officer", ""))) == "reset_first"
    accounts.reset(store, chief, "sari", GOOD)
    assert accounts.grant(store, chief, "sari", Grant("officer", ""))
    assert told(lambda: accounts.enter(store, "sari", "wedang jahe malam", WHERE)) == "bad_credentials"


@pytest.mark.parametrize("subject", ["s-wakil", None])
def test_who_tied_an_account_to_a_provider_does_not_read_by_rights_given_later_beyond_their_own(
    store: Store, subject: str | None
) -> None:
    chief = ready(store, "kepala", Grant("administrator", ""))
    local = ready(store, "wakil", Grant("administrator", "3204"))
    accounts.add(store, local, "budi", "Budi", signs_in=False, issuer=ISSUER, subject=subject)
    assert accounts.grant(store, local, "budi", Grant("officer", "3204"))
    for area in ("", "32"):
        assert told(lambda area=area: accounts.grant(store, chief, "budi", Grant("officer", area))) == "reset_first"
    accounts.tie(store, local, "budi", ISSUER, "s-wakil")
    assert told(lambda: accounts.grant(store, chief, "budi", Grant("officer", ""))) == "reset_first"
    accounts.tie(store, chief, "budi", ISSUER, "s-budi")
    assert accounts.grant(store, chief, "budi", Grant("officer", ""))
    assert told(lambda: accounts.tie(store, local, "budi", ISSUER, "s-wakil")) == "not_in_area"
    with store.reading() as connection:
        assert people.by_subject(connection, ISSUER, "s-wakil") is None
    assert [row for row in acts(store) if row[0] == "people.tie"] == 2 * [("people.tie", "budi", "done")]


def test_an_account_is_signed_in_to_by_the_way_that_was_set_last_alone(store: Store) -> None:
    """Else a wider administrator's password would vouch for the subject that a small one had set, and the other way."""
    chief = ready(store, "kepala", Grant("administrator", ""))
    local = ready(store, "wakil", Grant("administrator", "3204"))
    accounts.add(store, local, "budi", "Budi", signs_in=False, issuer=ISSUER, subject="s-wakil")
    accounts.reset(store, chief, "budi", GOOD)
    with store.reading() as connection:
        assert people.by_subject(connection, ISSUER, "s-wakil") is None
    assert accounts.enter(store, "budi", GOOD, WHERE)
    accounts.tie(store, chief, "budi", ISSUER, "s-budi")
    assert told(lambda: accounts.enter(store, "budi", GOOD, WHERE)) == "bad_credentials"
    accounts.add(store, chief, "sari", "Sari", password=GOOD)
    assert told(lambda: accounts.tie(store, chief, "sari", ISSUER, "s-budi")) == "account_taken"
    for subject in ("", "a\x00b", "x" * 256):
        assert told(lambda subject=subject: accounts.tie(store, chief, "sari", ISSUER, subject)) == "invalid:subject"
        assert told(lambda subject=subject: accounts.add(store, chief, "tono", "Tono", signs_in=False, issuer=ISSUER,
                                                         subject=subject)) == "invalid:subject"  # fmt: skip
    assert accounts.enter(store, "sari", GOOD, WHERE)


def test_an_account_without_rights_is_reached_by_its_keeper_and_above_alone(store: Store) -> None:
    chief = ready(store, "kepala", Grant("administrator", ""))
    local, other = (ready(store, f"wakil{area}", Grant("administrator", area)) for area in ("3204", "33"))
    above = ready(store, "wakil32", Grant("administrator", "32"))
    accounts.add(store, chief, "sari", "Sari", password=GOOD)
    accounts.add(store, local, "budi", "Budi", password=GOOD)
    for by, account in ((local, "sari"), (other, "sari"), (other, "budi")):
        for act in (
            lambda by=by, account=account: accounts.reset(store, by, account, OTHER),
            lambda by=by, account=account: accounts.lock(store, by, account),
            lambda by=by, account=account: accounts.grant(store, by, account, by_own(by)),
        ):
            assert told(act) == "not_in_area"
        with store.reading() as connection:
            assert account not in [own.account for own, _ in people_reads.reached(connection, by)]
    assert accounts.enter(store, "sari", GOOD, WHERE)
    for by, account in ((local, "budi"), (above, "budi"), (chief, "budi"), (chief, "sari")):
        accounts.reset(store, by, account, OTHER)


def by_own(by: Caller) -> Grant:
    """A right in the area of an administrator."""
    return Grant("viewer", by.grants[0].area)


def test_a_token_ends_when_its_account_becomes_somebody_s(store: Store) -> None:
    ready(store, "kepala", Grant("administrator", ""))
    local = ready(store, "wakil", Grant("administrator", "3204"))
    accounts.add(store, local, "dewi", "Dewi", signs_in=False)
    accounts.grant(store, local, "dewi", Grant("officer", "3204"))
    _, secret = accounts.make_token(store, local, "dewi", "SIKS", ["households.read"])
    accounts.reset(store, local, "dewi", GOOD)
    with store.reading() as connection:
        assert tokens.find(connection, secret) is None


def test_an_administrator_makes_no_token_that_reads_under_the_name_of_a_colleague(store: Store) -> None:
    ready(store, "dewi", Grant("officer", "3204"))
    local = ready(store, "wakil", Grant("administrator", "32"))
    accounts.add(store, ROOT, "mesin", "SIKS-NG", signs_in=False)
    accounts.grant(store, ROOT, "mesin", Grant("officer", "3204"))
    with pytest.raises(Problem) as refused:
        accounts.make_token(store, local, "dewi", "SIKS", ["households.read"])
    assert [(own.field, own.rule) for own in refused.value.broken] == [("account", "token_account")]
    with store.reading() as connection:
        assert tokens.everyone(connection) == []
    assert accounts.make_token(store, local, "mesin", "SIKS", ["households.read"])[0].account == "mesin"


@pytest.mark.parametrize(("more", "told_", "rule"), [
    ({"scopes": ["root"]}, "scopes", "token_scopes"), ({"scopes": []}, "scopes", "token_scopes"),
    ({"days": 91}, "days", "token_days"), ({"area": "3"}, "area", "area"), ({"label": " "}, "label", "token_label"),
    ({"label": "3204 0101  0101/0001"}, "label", "no_id_number"),
])  # fmt: skip
def test_a_token_that_would_do_too_much_is_refused(sqlite_store: Store, more: dict[str, object], told_: str,
                                                      rule: str) -> None:  # fmt: skip
    ready(sqlite_store)
    values: dict[str, object] = {"label": "x", "scopes": ["score"], "days": 90, "area": ""} | more
    with pytest.raises(Problem) as refused:
        accounts.make_token(sqlite_store, ROOT, "dewi", **values)  # type: ignore[arg-type]
    assert [(own.field, own.rule) for own in refused.value.broken] == [(told_, rule)]


@pytest.mark.parametrize("account", ["De", "Dewi", "dewi budi", "dewi'--", "-dewi", "déwi", "x" * 65])
def test_an_account_is_of_plain_letters_and_taken_once(sqlite_store: Store, account: str) -> None:
    with pytest.raises(Problem) as refused:
        accounts.add(sqlite_store, ROOT, account, "Dewi", password=GOOD)
    assert [(own.field, own.rule) for own in refused.value.broken] == [("account", "account")]
    ready(sqlite_store)
    assert told(lambda: accounts.add(sqlite_store, ROOT, "dewi", "Dewi", password=GOOD)) == "account_taken"


def test_old_tries_are_cleared_away(store: Store, hands: Hands) -> None:
    ready(store)
    told(lambda: accounts.enter(store, "orang", "salah", WHERE))
    hands.move(hours=2)
    accounts.enter(store, "dewi", GOOD, "198.51.100.4")
    with store.reading() as connection:
        keys = connection.execute(select(attempts_table.c.key)).scalars().all()
        assert attempts.key(connection, "account", "orang") not in keys
