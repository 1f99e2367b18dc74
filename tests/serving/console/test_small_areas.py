"""No figure of a place of few families can be worked out by subtracting what the overview tells."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import count as count_from
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from serving.access.rights import Areas
from serving.scores import publishing, small_areas
from serving.scores.area_figures import Total
from tests.serving import scored
from tests.serving.console.office import DAYS, KNOWN, LABELS, Office, person

Place = tuple[str | None, ...]
"""Province, regency and, where it is known, sub-district."""
_seeds = count_from(1)


def row(key: str | None, size: int) -> Total:
    return Total(key, size, size, 0, 0, 0.1, 0.1, 0.1, 0, 0, 0, 0)


def published(home: Path, monkeypatch: pytest.MonkeyPatch, sizes: Mapping[Place, int]) -> None:
    """Scores with so many families assessed in each place."""
    count = sum(sizes.values())
    found = scored.table("34", scored.numbers(2 * count, np.random.default_rng(1)), np.random.default_rng(2))
    sure = [one for one in found.to_pylist() if one["applies"]][:count]
    where = [place for place, size in sizes.items() for _ in range(size)]
    for one, place in zip(sure, where, strict=True):
        one["province"], one["regency"], one["subdistrict"] = (*place, None, None)[:3]
    monkeypatch.setenv("JAGA_HOME", str(home))
    scored.write(home / "run", scored.pa.Table.from_pylist(sure, schema=scored.SCORES), as_of=DAYS[-1], labels=LABELS,
                 known=KNOWN)  # fmt: skip
    publishing.publish(home / "scores", home / "run")


def run(home: Path, rows: list[dict[str, Any]], day: str = DAYS[-1]) -> None:
    """Publish scores of these families, after those published before."""
    name = home / f"run-{day}"
    table = scored.pa.Table.from_pylist(sorted(rows, key=lambda one: one["household_id"]), schema=scored.SCORES)
    scored.write(name, table, as_of=day, labels=LABELS, known=KNOWN)
    publishing.publish(home / "scores", name)


def of(state: str, place: Place, count: int, day: str = DAYS[-1]) -> list[dict[str, Any]]:
    """So many families of a place: `sure` and `unsure` assessed, `poor`, `refused`."""
    own: dict[str, Callable[[Any], bool]] = {"sure": lambda one: one["applies"] and one["certainty"] != "low",
           "unsure": lambda one: one["applies"] and one["certainty"] == "low",
           "poor": lambda one: one["applies"] is False, "refused": lambda one: one["status"] == "refused"}  # fmt: skip
    found: list[dict[str, Any]] = []
    while len(found) < count:
        numbers = scored.numbers(400, np.random.default_rng(next(_seeds)))
        found += [one for one in scored.table("34", numbers, np.random.default_rng(2), as_of=day).to_pylist()
                  if own[state](one)]  # fmt: skip
    where = dict(zip(("province", "regency", "subdistrict"), (*place, None, None)[:3], strict=True))
    return [one | where for one in found[:count]]


def summary(client: TestClient, area: str) -> dict[str, str]:
    """What the page says of how fresh the data are, by its words."""
    page = client.get(f"/ikhtisar{at(area)}").text
    return dict(re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", page[page.index('id="fresh"') :]))


def told(client: TestClient, area: str = "") -> dict[str, list[str]]:
    """Rows of the file by code, the area's own under "own"; empty where the file says that it is not shown."""
    lines = [line.split(",") for line in client.get(f"/ikhtisar.csv{at(area)}").text.splitlines()]
    head = next(n for n, line in enumerate(lines) if len(line) == 10)
    return {
        ("own" if n == 0 else line[0]): ["" if cell == "tidak ditampilkan" else cell for cell in line[2:]]
        for n, line in enumerate(lines[head + 1 :])
    }


def at(area: str) -> str:
    return f"?wilayah={area}" if area else ""


def test_a_total_of_some_areas_does_not_tell_the_smallest_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(tmp_path, monkeypatch, {("32", "3201"): 120, ("32", "3279"): 8, ("32", "3204"): 60, ("32", "3205"): 90,
                                      ("33", "3301"): 70, ("33", "3302"): 80})  # fmt: skip
    with Office(tmp_path) as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
        office.who = person(("viewer", "3201"), ("viewer", "3279"))
        for area in ("", "32"):
            rows = told(client, area)
            assert not any(rows["own"])
            assert any(rows["3201"])
            assert not any(rows["3279"])
            page = client.get(f"/ikhtisar{at(area)}").text
            assert "dapat dihitung dari selisihnya" in page
            assert "Keluarga dalam register" not in page
            assert '<h2 id="levels"' not in page
        # All but the smallest: the province, which everybody sees, less their total would be that one.
        office.who = person(*(("viewer", code) for code in ("3201", "3204", "3205")))
        assert not any(told(client)["own"])
        office.who = person(("viewer", "3204"))
        assert not any(told(client, "32")["own"])
        # What is kept back in them is large enough, or nothing is.
        for own in (("3279", "3204", "3201"), ("3301", "3302"), ("32", "3301")):
            office.who = person(*(("viewer", code) for code in own))
            assert any(told(client)["own"]), own


def test_families_without_a_known_place_are_not_what_a_whole_tells_beyond_its_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(tmp_path, monkeypatch, {("32", "3201"): 60, ("32", "3204"): 70, ("32", None): 4, ("33", "3301"): 200,
                                      ("34", "3401"): 300, (None, None): 5})  # fmt: skip
    with Office(tmp_path) as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
        office.who = person(("viewer", ""))
        rows = told(client)
        assert any(rows["own"])
        assert [code for code, row in rows.items() if any(row)] == ["own", "33", "34"] or [
            code for code, row in rows.items() if any(row)] == ["own", "34", "33"]  # fmt: skip
        assert not any(rows["32"])
        assert not any(rows["unknown"])
        assert "Jawa Barat, " in client.get("/ikhtisar").text or ", Jawa Barat" in client.get("/ikhtisar").text


def test_the_nation_is_kept_back_where_no_other_province_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(tmp_path, monkeypatch, {("32", "3201"): 60, ("32", "3204"): 70, ("32", None): 4, (None, None): 5})
    with Office(tmp_path) as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
        office.who = person(("viewer", ""))
        rows = told(client)
        assert not any(rows["own"])
        assert any(rows["32"])
        rows = told(client, "32")
        assert any(rows["own"])
        assert not any(rows["3201"])
        assert any(rows["3204"])


def test_families_without_a_place_count_among_what_is_kept_back() -> None:
    assert small_areas.smallest([row("32", 100), row("33", 100), row(None, 5)]) >= {None}
    assert len(small_areas.smallest([row("32", 100), row("33", 100), row(None, 5)])) == 2


@given(st.dictionaries(st.integers(0, 29), st.integers(1, 90), min_size=2, max_size=9), st.data())
def test_no_difference_of_what_a_caller_is_told_is_a_cell_of_few(sizes: dict[int, int], data: st.DataObject) -> None:
    rows = {f"{31 + at // 10}{at % 10:02d}": row(f"{31 + at // 10}{at % 10:02d}", size) for at, size in sizes.items()}
    kept: dict[str, Total] = {}
    for province in {code[:2] for code in rows}:
        own = [one for code, one in rows.items() if code[:2] == province]
        kept |= {code: rows[code] for code in small_areas.smallest(own) if code}
        if sum(one.at_risk for one in own) < small_areas.FEWEST:
            kept |= {province: row(province, sum(one.at_risk for one in own))}
    mine = data.draw(st.sets(st.sampled_from(sorted(rows)), min_size=1))

    def free(codes: set[str]) -> set[str]:
        return {code for code in codes if code in kept}

    def few(codes: set[str]) -> bool:
        return 0 < sum(rows[code].at_risk for code in codes) < small_areas.FEWEST

    open_parts = set[str]()
    for province in {code[:2] for code in mine}:
        part = {code for code in mine if code[:2] == province}
        if not small_areas.parts_tell(Areas(tuple(sorted(part))), kept):
            others = {code for code in rows if code[:2] == province} - part
            assert not few(free(part))
            assert province in kept or not few(free(others))
            open_parts |= part
    if not small_areas.parts_tell(Areas(tuple(sorted(mine))), kept):
        assert not few(free(mine - open_parts))


def test_sub_districts_of_few_families_are_kept_back_in_their_regency(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(tmp_path, monkeypatch, {
        ("32", "3204", "3204010"): 70, ("32", "3204", "3204020"): 50, ("32", "3204", "3204030"): 40,
        ("32", "3204", "3204040"): 8, ("32", "3204"): 9,
        ("32", "3279", "3279010"): 12, ("32", "3279", "3279020"): 10, ("32", "3201", "3201010"): 120,
        ("33", "3301"): 200, ("34", "3401"): 200})  # fmt: skip
    with Office(tmp_path) as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
        for who in (("viewer", "3204"), ("officer", "32")):
            office.who = person(who)
            rows = told(client, "3204")
            assert any(rows["own"])
            # 8 and the 9 of no known one are less than 30 together, so the next smallest is kept back with them.
            assert {code for code, cells in rows.items() if not any(cells)} == {"3204030", "3204040", "unknown"}
            assert {code for code, cells in rows.items() if any(cells)} == {"own", "3204010", "3204020"}
            page = client.get("/ikhtisar?wilayah=3204").text
            assert "Kecamatan, dari yang tertinggi" in page
            assert "Kecamatan 3204030" in page
            families = "/keluarga?prov=32&amp;kab=3204&amp;kec=3204010"
            assert (families in page) == (who[0] == "officer")
        # A regency that is kept back tells nothing of its parts either.
        assert set(told(client, "3279")) == {"own"}
        # Where the register knows no sub-districts there is nothing to rank.
        office.who = person(("viewer", "33"))
        assert set(told(client, "3301")) == {"own"}
        assert "Kecamatan, dari yang tertinggi" not in client.get("/ikhtisar?wilayah=3301").text


@given(st.dictionaries(st.sampled_from(["3204010", "3204020", "3204030", "3204040", None]), st.integers(0, 80)))
def test_what_a_regency_tells_beyond_its_told_sub_districts_is_nobody_or_enough(sizes: dict[str | None, int]) -> None:
    rows = [row(key, size) for key, size in sizes.items()]
    kept = small_areas.smallest(rows)
    rest = sum(size for key, size in sizes.items() if key in kept)
    assert rest == 0 or rest >= small_areas.FEWEST or set(sizes) == kept
    assert all(size >= small_areas.FEWEST for key, size in sizes.items() if key not in kept)


def test_counts_of_few_poor_or_without_a_score_are_told_in_no_row_nor_by_its_difference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAGA_HOME", str(tmp_path))
    bandung, garut = ("32", "3204"), ("32", "3205")
    sizes = {(*bandung, "3204010"): (90, 2, 0), (*bandung, "3204020"): (80, 40, 0), (*bandung, "3204030"): (70, 50, 0),
             garut: (200, 60, 0), ("32", "3201"): (200, 3, 0), ("32", "3202"): (200, 70, 0),
             ("33", "3301"): (200, 50, 1)}  # fmt: skip
    run(tmp_path, [one for place, counts in sizes.items() for state, count in zip(
        ("sure", "poor", "refused"), counts, strict=True) for one in of(state, place, count)])  # fmt: skip
    with Office(tmp_path) as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
        office.who = person(("viewer", ""))
        # Two in one sub-district are what the regency tells beyond the others: so the next smallest is kept back.
        assert {code: row[5] for code, row in told(client, "3204").items()} == {
            "own": "92", "3204010": "", "3204020": "", "3204030": "50"}  # fmt: skip
        # The same in the province, on the file and on the page of the next smallest alike.
        assert {code: row[5] for code, row in told(client, "32").items()} == {
            "own": "225", "3201": "", "3205": "", "3202": "70", "3204": "92"}  # fmt: skip
        assert told(client, "3205")["own"][5] == ""
        text = client.get("/ikhtisar.csv?wilayah=32").text
        assert re.search(r"^3201,[^,]+,.*,tidak ditampilkan,0,", text, re.M), "few read otherwise than none"
        assert "tidak ditampilkan: ada 1 sampai 29 keluarga" in text
        assert "not shown: there are 1 to 29 families" in client.get(
            "/ikhtisar.csv?wilayah=32", headers={"Cookie": "bahasa=en"}).text  # fmt: skip
        assert {code: row[6] for code, row in told(client).items()} == {"own": "", "32": "0", "33": ""}
        kept, open_ = summary(client, "3205"), summary(client, "3202")
        assert [kept[name] for name in ("Keluarga dalam register", "Mendapat skor", "Belum ada skor",
                                        "Diperkirakan sudah di bawah garis")] == [
            "tidak ditampilkan", "tidak ditampilkan", "0", "tidak ditampilkan"]  # fmt: skip
        assert [open_[name] for name in ("Keluarga dalam register", "Mendapat skor", "Belum ada skor",
                                         "Diperkirakan sudah di bawah garis")] == ["270", "270", "0", "70"]  # fmt: skip


def test_how_many_are_to_be_checked_is_not_told_where_they_or_the_others_are_few(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAGA_HOME", str(tmp_path))
    sizes = {"3201": (100, 3), "3202": (100, 50), "3203": (100, 60), "3204": (5, 90), "3205": (70, 80)}
    run(tmp_path, [one for area, counts in sizes.items() for state, count in zip(
        ("sure", "unsure"), counts, strict=True) for one in of(state, ("32", area), count)])  # fmt: skip
    with Office(tmp_path) as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
        office.who = person(("viewer", "32"))
        seen = {
            area: summary(client, area)["Model belum yakin, sebelum daftar dan kunjungan"] for area in ("32", *sizes)
        }
    # 3201 has three; 3202 is the next smallest; 3204 has five others, 3205 the next smallest number of them.
    assert seen == {"32": "283", "3203": "60"} | dict.fromkeys(("3201", "3202", "3204", "3205"), "tidak ditampilkan")


def test_kinds_and_levels_of_few_are_not_what_the_others_leave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAGA_HOME", str(tmp_path))
    rows = of("sure", ("32", "3204"), 100)
    for at_, one in enumerate(rows):
        one["kind"] = "relapse" if at_ < 3 else "first_entry" if at_ < 50 else "unknown_history"
        # 3 of one level, 40 and 57 of two others.
        one["risk"] = 0.5 if at_ < 3 else LABELS[0] / 200 if at_ < 43 else (LABELS[0] + LABELS[1]) / 200
        one["low"], one["high"] = one["risk"], one["risk"]
    run(tmp_path, rows)
    with Office(tmp_path) as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
        office.who = person(("viewer", "3204"))
        page = client.get("/ikhtisar?wilayah=3204").text
    kinds = page[page.index('id="kinds"') : page.index('id="fresh"')]
    assert kinds.count("Tidak ada angka: kurang dari 30 keluarga") == 2
    assert re.findall(r"([0-9]+) keluarga</p>", kinds) == ["50"]
    levels = page[page.index('id="levels"') : page.index('id="map-head"')]
    assert sorted(re.findall(r'<td class="num">([^<]*)</td></tr>', levels)) == sorted(
        ["0", "0", "57", "tidak ditampilkan", "tidak ditampilkan"])  # fmt: skip


def test_who_finds_the_families_in_a_search_is_told_the_same_numbers_on_the_overview(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAGA_HOME", str(tmp_path))
    rows = of("sure", ("32", "3204"), 100)
    for at_, one in enumerate(rows):
        one["risk"] = one["low"] = one["high"] = 0.5 if at_ < 3 else LABELS[0] / 200
    run(tmp_path, rows)

    def levels() -> list[str]:
        page = client.get("/ikhtisar?wilayah=3204").text
        own = page[page.index('id="levels"') : page.index('id="map-head"')]
        return re.findall(r'<td class="num">([^<]*)</td></tr>', own)

    with Office(tmp_path) as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
        office.who = person(("officer", "3204"))
        assert re.search(r"\b3 keluarga", client.get("/keluarga?kab=3204&prov=32&tingkat=sangat-tinggi,tinggi").text)
        assert sorted(levels()) == ["0", "0", "0", "3", "97"]
        # Families elsewhere are none of these.
        office.who = person(("viewer", "3204"), ("officer", "3205"))
        assert "3" not in levels()


@pytest.mark.parametrize("before", [
    {"3204": 2, "3201": 200, "3205": 200},  # few then
    {"3204": 40, "3201": 9, "3205": 200},  # not few itself, but the next smallest
])  # fmt: skip
def test_the_change_does_not_tell_the_mean_of_few_in_the_run_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: dict[str, int]
) -> None:
    monkeypatch.setenv("JAGA_HOME", str(tmp_path))
    now = {"3204": 60, "3201": 200, "3205": 200}
    for day, sizes in ((DAYS[-2], before), (DAYS[-1], now)):
        run(tmp_path, [one for area, count in sizes.items() for one in of("sure", ("32", area), count, day)], day)
    with Office(tmp_path) as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
        office.who = person(("viewer", "32"))
        for area, told_ in (("3204", False), ("3205", True)):
            answer = client.get(f"/ikhtisar?wilayah={area}").text
            answer = answer[answer.index('id="answer"') : answer.index('id="map-head"')]
            facts = re.findall(r"<li>([^<]*)</li>", answer)
            change = [fact for fact in facts if re.search(r"(dari|dengan) [0-9]+ [A-Z]|pembanding", fact)]
            assert bool(change) == told_, (area, facts)
            assert bool(told(client, area)["own"][-1]) == told_
        rows = {code: cells[-1] for code, cells in told(client, "32").items()}
        assert {code for code, change in rows.items() if change} == {"own", "3205"} | (
            {"3201"} if before["3201"] == 200 and before["3204"] != 2 else set())  # fmt: skip


def test_changes_of_areas_are_those_between_the_figures_that_were_told_on_both_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAGA_HOME", str(tmp_path))
    now = {"3201": 200, "3202": 90, "3204": 60, "3205": 200, "3301": 200, "3302": 20, "3303": 40}
    before = now | {"3204": 4, "3302": 50}
    told_then: dict[str, dict[str, str]] = {}
    for day, sizes in ((DAYS[-2], before), (DAYS[-1], now)):
        run(tmp_path, [one for area, count in sizes.items() for one in of("sure", (area[:2], area), count, day)], day)
        with Office(tmp_path) as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
            office.who = person(("viewer", ""))
            told_then[day] = {code: cells[0] for area in ("", "32", "33")
                              for code, cells in told(client, area).items() if code != "own"}  # fmt: skip
            changes = {code: cells[-1] for area in ("", "32", "33")
                       for code, cells in told(client, area).items() if code != "own"}  # fmt: skip
    old, new = told_then.values()
    assert {code for code, share in old.items() if not share} == {"3204", "3202"}
    assert {code for code, share in new.items() if not share} == {"3302", "3303"}
    for code, change in changes.items():
        open_ = bool(old.get(code)) and bool(new[code])
        assert bool(change) == open_, code
        assert not change or change in ("0", str(int(new[code]) - int(old[code]))), code
    assert {code for code, change in changes.items() if change} == {"32", "33", "3201", "3205", "3301"}


def test_all_the_regencies_of_a_province_that_is_kept_back_are_not_told_as_a_total_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The nation tells 32 and 33 together; 32 alone would leave the ten of 33.
    published(tmp_path, monkeypatch, {("32", "3201"): 20, ("32", "3204"): 20, ("33", "3301"): 10,
                                      ("34", "3401"): 200, ("35", "3501"): 200})  # fmt: skip
    with Office(tmp_path) as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
        office.who = person(("viewer", "3201"), ("viewer", "3204"))
        for area in ("", "32"):
            assert not any(told(client, area)["own"])
        office.who = person(("viewer", "34"))
        assert any(told(client)["own"])
