"""No number of a person is kept, in whatever text it comes: in the tables themselves, by every way into them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from serving.access.cookies import HOME, safe_path
from serving.problems import Problem
from serving.store import checks, drafts, once, people, schema
from serving.store.engine import Store
from tests.serving.stores import person

NIK = "3273012345678901"
SPLIT = [NIK, " ".join(NIK), "3273.0123.4567.8901", "3273-0123-4567-8901", "3273 01 234567 8901"]


def held(connection: Connection) -> list[str]:
    """Tables of which a row holds the number."""
    return [table.name for table in schema.TABLES for row in connection.execute(select(table))
            if any(form in str(row) for form in SPLIT)]  # fmt: skip


@pytest.mark.parametrize("form", SPLIT)
def test_a_form_kept_after_a_session_keeps_no_number_and_all_else(store: Store, form: str) -> None:
    with store.writing() as connection:
        dewi = person(connection)
        drafts.keep(connection, dewi, "/kunjungan", {"catatan": [f"NIK {form} Siti"], "hasil": ["miskin"], form: ["x"]})
        drafts.keep(connection, dewi, f"/keluarga/{form}/kunjungan", {"hasil": ["miskin"]})
        assert held(connection) == []
        assert drafts.take(connection, dewi, "/kunjungan") == {"hasil": ["miskin"]}


def test_a_key_is_kept_as_a_hash_of_ones_own_alone_and_still_does_a_write_once(store: Store) -> None:
    with store.writing() as connection:
        dewi, budi = person(connection), person(connection, "budi")
        assert once.begin(connection, dewi, NIK, b"asked") is None
        once.keep(connection, dewi, NIK, once.Answer(201, "text/plain", "done"))
        assert held(connection) == []
        assert once.begin(connection, dewi, NIK, b"asked") == once.Answer(201, "text/plain", "done")
        assert once.begin(connection, budi, NIK, b"asked") is None
        with pytest.raises(Problem, match="duplicate_request"):
            once.begin(connection, dewi, NIK, b"else")


def test_no_account_and_no_name_of_a_person_is_a_number(store: Store) -> None:
    with store.writing() as connection:
        for account, name, field in ((NIK, "Dewi", "account"), ("dewi", f"Dewi {NIK}", "name")):
            with pytest.raises(Problem) as refused:
                people.add(connection, account, name)
            assert [(own.field, own.rule) for own in refused.value.broken] == [(field, "no_id_number")]
        assert held(connection) == []


@pytest.mark.parametrize("path", [f"/keluarga/{NIK}", f"/keluarga?nomor={NIK}", "/keluarga/" + "%33%32" * 8,
                                  "/keluarga/3273.0123.4567.8901"])  # fmt: skip
def test_a_path_with_a_number_is_not_gone_on_to(path: str) -> None:
    assert safe_path(path) == HOME


def test_other_paths_are_gone_on_to() -> None:
    for path in ("/keluarga/QKQCE3C3WJHW", "/daftar/D-2026-0001?versi=2&wilayah=3204", "/skenario?no=K-2026-0001"):
        assert safe_path(path) == path


PLAIN = st.recursive(st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text("abc ", max_size=5),
                     lambda own: st.lists(own, max_size=3) | st.dictionaries(st.text("abc"), own, max_size=3),
                     max_leaves=8)  # fmt: skip


@given(PLAIN, st.sampled_from([*SPLIT, int(NIK), float(NIK)]), st.booleans())
def test_a_number_is_found_wherever_it_stands_and_nothing_else_is(value: Any, number: Any, name: bool) -> None:
    assert list(checks.id_numbers(value, "body")) == []
    hidden = {"x": [value, {str(number): value} if name else [number]]}
    assert list(checks.id_numbers(hidden)) == (["x[1]"] if name else ["x[1][0]"])


def test_large_sums_are_no_numbers_of_people() -> None:
    assert list(checks.id_numbers({"budget": 3_600_000_000_000_000, "risk": 0.1234567890123456})) == []
