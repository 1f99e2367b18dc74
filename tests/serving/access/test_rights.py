"""Who may do what, and where: no role, token or area lets through more than the table of acts says."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, String, Table, create_engine, insert, select

from serving.access import rights
from serving.access.rights import ACTS, ROLES, SCOPES, Areas, Caller, Grant, allow, may, smallest
from serving.problems import Problem

PROVINCES = ["11", "32", "33", "94"]
REGENCIES = ["1101", "3204", "3205", "3322", "9471"]
CODES = st.sampled_from(["", *PROVINCES, *REGENCIES, "77", "7777"])
WILD = ["32' OR '1'='1", "3204; DROP TABLE places", "%", "", "unknown", "32 ", "３２", None]
PLACE = st.sampled_from([(code[:2], code) for code in REGENCIES])  # a regency lies in the province of its code
ROWS = st.lists(PLACE | st.tuples(st.sampled_from([*PROVINCES, *WILD]), st.sampled_from(WILD)), max_size=12)

own = Table("places", MetaData(), Column("province", String), Column("regency", String))
scan = duckdb.connect(config={"threads": 1})
engine = create_engine("sqlite://")
own.metadata.create_all(engine)


def caller(*grants: Grant, via: str = "session", scopes: frozenset[str] = frozenset()) -> Caller:
    return Caller(1, "dewi", "Dewi", grants, via, scopes)  # type: ignore[arg-type]


def naive(codes: list[str], province: str | None, regency: str | None) -> bool:
    return any(code in ("", province if len(code) == 2 else regency) for code in codes)


@given(st.lists(CODES, max_size=3), ROWS)
def test_what_a_condition_lets_through_is_what_the_rule_says(codes: list[str], rows: list[tuple[str, str]]) -> None:
    areas = Areas.of(codes)
    wanted = [row for row in rows if naive(codes, *row)]
    condition, asked = areas.condition("p", "r", "mine")
    given_ = {"ps": [row[0] for row in rows], "rs": [row[1] for row in rows]}
    places = "(SELECT unnest($ps::VARCHAR[]) AS p, unnest($rs::VARCHAR[]) AS r)"
    found = scan.execute(f"SELECT p, r FROM {places} WHERE {condition}", given_ | asked).fetchall()
    others = scan.execute(f"SELECT p, r FROM {places} WHERE NOT {condition}", given_ | asked).fetchall()
    assert sorted(found, key=str) == sorted(wanted, key=str)
    assert len(found) + len(others) == len(rows)
    with engine.connect() as database:
        if rows:
            database.execute(insert(own), [{"province": row[0], "regency": row[1]} for row in rows])
        where = areas.clause(own.c.province, own.c.regency)
        assert sorted(map(tuple, database.execute(select(own).where(where))), key=str) == sorted(wanted, key=str)
    assert [row for row in rows if areas.covers(*row)] == wanted


@given(st.lists(CODES, max_size=3), CODES)
def test_narrowing_never_lets_more_through(codes: list[str], asked: str) -> None:
    areas = Areas.of(codes)
    places = [(None, None), *((code[:2], code) for code in REGENCIES), *((code, None) for code in PROVINCES)]
    both = [place for place in places if areas.covers(*place) and naive([asked], *place)]
    if not any(asked.startswith(code) or code.startswith(asked) for code in areas.codes):
        assert both == []
        with pytest.raises(Problem, match="not_in_area"):
            areas.narrow(asked)
        return
    narrow = areas.narrow(asked)
    assert [place for place in places if narrow.covers(*place)] == both
    assert areas.holds(asked) == (narrow == Areas((asked,)))


@given(st.lists(st.tuples(st.sampled_from(ROLES), CODES), max_size=4), st.sampled_from(sorted(ACTS)))
def test_one_may_act_where_a_role_that_may_was_granted(given_: list[tuple[rights.Role, str]], act: str) -> None:
    who = caller(*(Grant(role, area) for role, area in given_))
    wanted = Areas.of(area for role, area in given_ if role in ACTS[act])
    assert may(who, act) == bool(wanted.codes)
    if wanted.codes:
        assert allow(who, act) == wanted
    else:
        with pytest.raises(Problem) as told:
            allow(who, act)
        assert told.value.code == "forbidden_role"
        if ACTS[act] == {"officer", "verifier"}:
            assert told.value.sentence("id").startswith("Ini hanya untuk peran petugas atau verifikator.")


def test_the_table_of_acts_is_that_of_the_console() -> None:
    table = {
        "overview.see": "voaxd", "model.see": "voaxd", "household.see": "ox", "list.build": "o", "list.see": "ox",
        "list.see_totals": "voxa", "list.export": "o", "visit.record": "ox", "visit.close": "x", "objection.open": "o",
        "objection.decide": "x", "scenario.see": "voxa", "scenario.edit": "a", "people.edit": "d", "audit.own": "voaxd",
        "audit.area": "x", "audit.all": "d", "audit.export": "d", "score.make": "oxa", "service.figures": "voaxd",
    }  # fmt: skip
    letters = dict(zip("voxad", ROLES, strict=True))
    assert {act: frozenset(letters[sign] for sign in signs) for act, signs in table.items()} == ACTS
    assert not may(caller(Grant("administrator", "")), "household.see")


def test_two_grants_keep_to_their_areas() -> None:
    who = caller(Grant("officer", "3204"), Grant("verifier", "33"))
    assert allow(who, "list.build").codes == ("3204",)
    assert allow(who, "household.see").codes == ("3204", "33")
    assert allow(who, "objection.decide").codes == ("33",)
    assert allow(who, "household.see").provinces == ("32", "33")
    assert allow(caller(Grant("viewer", "")), "overview.see").provinces is None
    assert Areas.of(["3204", "32", "3322"]).codes == ("32", "3322")


@pytest.mark.parametrize("scope", sorted(SCOPES))
def test_a_token_does_what_its_scope_and_its_owner_may(scope: str) -> None:
    everything = [Grant(role, "") for role in ROLES]
    full, poor = caller(*everything, via="token", scopes=frozenset({scope})), caller(
        via="token", scopes=frozenset({scope}))  # fmt: skip
    for act in ACTS:
        assert may(full, act) == (act in SCOPES[scope])
        assert not may(poor, act)


def test_a_refusal_names_the_roles_or_the_scope_in_both_languages() -> None:
    with pytest.raises(Problem) as told:
        allow(caller(Grant("viewer", "")), "list.build")
    assert told.value.sentence("id") == "Ini hanya untuk peran petugas. Hubungi administrator Anda."
    assert told.value.sentence("en") == "This is for the officer role only. Ask your administrator."
    with pytest.raises(Problem) as told:
        allow(caller(Grant("officer", ""), via="token", scopes=frozenset({"score"})), "list.build")
    assert "lists.write" in told.value.sentence("en")


@pytest.mark.parametrize("code", ["3", "320", "32041", "ID", "３２", "32\n", " 32", "32' OR 1=1 --", "3a"])
def test_what_is_no_area_is_refused_everywhere(code: str) -> None:
    for make in (lambda: Grant("officer", code), lambda: Areas((code,))):
        with pytest.raises(ValueError, match="no area"):
            make()
    with pytest.raises(Problem):
        Areas(("",)).narrow(code)


def test_what_is_no_role_is_refused() -> None:
    with pytest.raises(ValueError, match="no role"):
        Grant("root", "")  # type: ignore[arg-type]


def test_the_condition_limits_the_score_store(tmp_path: Path) -> None:
    """The form in which it stands in a query over files: columns by expression, values bound by name."""
    file = tmp_path / "part.parquet"
    duckdb.execute(f"COPY (SELECT * FROM (VALUES ('a', '3204'), ('b', '3205'), ('c', NULL)) AS t(id, regency)) "
                   f"TO '{file}' (FORMAT parquet)")  # fmt: skip
    condition, asked = Areas(("3204", "33")).condition("$provinces[1]", "regency")
    found = duckdb.execute(f"SELECT id FROM read_parquet($file) WHERE {condition}",
                           {"file": str(file), "provinces": ["32"], **asked}).fetchall()  # fmt: skip
    assert found == [("a",)]


@pytest.mark.parametrize(
    ("codes", "whole"),
    [
        (("3204",), "3204"),
        (("3204", "3273"), "32"),
        (("32", "3273"), "32"),
        (("3204", "3322"), ""),
        (("32", "33"), ""),
        (("", "3204"), ""),
    ],
)
def test_the_smallest_area_that_holds_several(codes: tuple[str, ...], whole: str) -> None:
    assert smallest(codes) == whole
    assert all(Areas((whole,)).holds(code) for code in codes)


def test_areas_and_their_codes_as_rows_and_people_have_them() -> None:
    assert [rights.columns_of(area) for area in ("", "32", "3204")] == [
        {"province": None, "regency": None}, {"province": "32", "regency": None},
        {"province": "32", "regency": "3204"}]  # fmt: skip
    assert [rights.area_named(text) for text in ("ID", "32", "")] == ["", "32", ""]
    assert [rights.known_area(code) for code in ("", "32", "3204", "00", "3200", "320")] == [True] * 3 + [False] * 3
    assert (Areas.of(["3204", "32", "1101", "32"]).codes, Areas.of(["", "32", "3204"]).codes) == (("1101", "32"), ("",))
    assert Areas.of(["3204", "3205", "11"]).provinces == ("11", "32")
    assert Areas(("",)).provinces is None
    assert (Areas(()).provinces, Areas(()).everywhere) == ((), False)
    assert [Areas(("32", "1101")).covers(*place) for place in (
        ("32", None), ("32", "3204"), ("11", None), ("11", "1101"), (None, "1101"), (None, None), ("", ""),
        ("11", "1102"),
    )] == [True, True, False, True, True, False, False, False]  # fmt: skip
    assert Areas(("32",)).condition("p", "r", "x") == ("(p IS NOT NULL AND p = $x_own)", {"x_own": "32"})
    assert Areas(("3204",)).condition("p", "r", "x") == ("(r IS NOT NULL AND r = $x_own)", {"x_own": "3204"})
    assert Areas(("32", "1101")).condition("p", "r", "x")[1] == {"x_provinces": ["32"], "x_regencies": ["1101"]}
