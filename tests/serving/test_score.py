"""A household that is sent gets its score and reasons, or a refusal that says why; its id is kept nowhere."""

from __future__ import annotations

import copy
import math
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from models import bundle, score
from models import row as rows
from tests import small
from tests.serving import registers

Body = dict[str, Any]


def asked(count: int, seed: int = 7, **options: Any) -> Body:
    return {"as_of": small.AS_OF, **small.families(count, seed), **options}


def post(client: httpx.Client, body: Body) -> Body:
    answer = client.post("/v1/score", json=body)
    assert answer.status_code == 200, answer.text
    told: Body = answer.json()
    return told


def adds_up(told: Body) -> None:
    counts = told["counts"]
    assert counts["households"] == len(told["scores"])
    assert counts["households"] == counts["scored"] + counts["refused"] + counts["quarantined"]
    assert [row["index"] for row in told["scores"]] == list(range(len(told["scores"])))
    for row in told["scores"]:
        assert (row["risk"] is None) or row["status"] == "scored"
        assert (row["refusal"] is None) == (row["status"] == "scored")


def test_one_household_is_scored_and_explained(client: httpx.Client) -> None:
    answer = client.post("/v1/score", json=asked(1))
    told = answer.json()
    adds_up(told)
    (row,) = told["scores"]
    assert row["status"] == "scored"
    assert row["applies"] is True
    parts = row["base"] + row["place"] + row["other"] + sum(reason["contribution"] for reason in row["reasons"])
    assert parts == pytest.approx(math.log(row["risk"] / (1 - row["risk"])), abs=1e-6)
    assert 0 < len(row["reasons"]) <= 5
    for reason in row["reasons"]:
        assert set(reason["text"]) == {"id", "en"}
        assert reason["text"]["id"] != reason["text"]["en"]
    assert answer.headers["Jaga-Synthetic"] == "true"
    assert told["model"]["synthetic"] is True
    assert told["model"]["name"] == row["bundle"]


def test_each_reason_has_the_day_of_its_own_fact(client: httpx.Client) -> None:
    """The register's rows, the signals of industries and the lines became known on three days (`tests.small`)."""
    told = post(client, asked(60, reasons=10))["scores"]
    reasons = [reason for row in told for reason in row["reasons"] or ()]
    published = {"place.layoffs": "2026-04-25", "place.sector_growth": "2026-04-25", "place.jobs": "2026-04-25",
                 "place.wages": "2026-04-25", "place.line": "2026-01-15"}  # fmt: skip
    of_family = small.KNOWN_AT[small.PERIODS[-1]]
    days: dict[str, set[str | None]] = {}
    for reason in reasons:
        if reason["value"] is not None:
            days.setdefault(reason["key"], set()).add(reason["known_at"])
    assert days == {key: {published.get(key, of_family)} for key in days}
    assert "place.layoffs" in days
    assert not set(days) <= set(published)


def test_the_answer_is_the_score_row_that_a_batch_would_write(client: httpx.Client, bundles: tuple[Path, Path]) -> None:
    told = post(client, asked(30))
    adds_up(told)
    answers = rows.plain(score.score(bundle.load(bundles[0]), small.admitted(30, seed=7), np.datetime64(small.AS_OF)))
    for answer, row in zip(answers, told["scores"], strict=True):
        for name in score.COLUMNS:
            expected = answer[name]
            if name == "reasons":
                row["reasons"] = [{k: v for k, v in reason.items() if k != "text"} for reason in row["reasons"]]
            assert row[name] == expected, name


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_run_over_a_register_writes_what_the_service_answers(client: httpx.Client, bundles: tuple[Path, Path],
                                                               tmp_path: Path, kind: str) -> None:  # fmt: skip
    source = registers.write(tmp_path / "in", small.families(30, 7), kind=kind)
    registers.score(source, tmp_path / "out", bundles[0], as_of=np.datetime64(small.AS_OF))
    written = {row["household_id"]: row for row in rows.plain(registers.rows(tmp_path / "out"))}
    told = post(client, asked(30))["scores"]
    assert len(written) == len(told) == 30
    assert sum(row["status"] == "scored" for row in told) > 20
    for row in told:
        if row["reasons"] is not None:
            row["reasons"] = [{k: v for k, v in reason.items() if k != "text"} for reason in row["reasons"]]
        assert {name: row[name] for name in score.COLUMNS} == {name: written[row["household_id"]][name]
                                                               for name in score.COLUMNS}  # fmt: skip


def test_a_household_gets_the_same_answer_alone_and_among_others(client: httpx.Client) -> None:
    together = post(client, asked(40))
    code = together["scores"][17]["household_id"]
    own = {name: [row for row in rows if row["household_id"] == code] for name, rows in small.families(40, 7).items()}
    alone = post(client, asked(40) | own)
    assert {**alone["scores"][0], "index": 17} == together["scores"][17]


def test_a_thousand_households_come_back_in_the_order_of_the_request(client: httpx.Client) -> None:
    body = asked(1000) | small.families(1000, seed=7, members=3, periods=("2026Q3",))
    order = np.random.default_rng(1).permutation(len(body["households"]))
    body["households"] = [body["households"][at] for at in order]
    told = post(client, body | {"reasons": 1, "language": "id"})
    adds_up(told)
    assert [row["household_id"] for row in told["scores"]] == [row["household_id"] for row in body["households"]]
    assert told["counts"]["scored"] == 1000


@pytest.mark.parametrize("language", ["id", "en"])
def test_one_language_and_no_reasons_on_demand(client: httpx.Client, language: str) -> None:
    told = post(client, asked(2, language=language, reasons=2))
    for row in told["scores"]:
        assert len(row["reasons"]) <= 2
        assert all(set(reason["text"]) == {language} for reason in row["reasons"])
    bare = post(client, asked(2, reasons=0))
    assert [row["reasons"] for row in bare["scores"]] == [[], []]
    assert [row["risk"] for row in bare["scores"]] == [row["risk"] for row in told["scores"]]


def test_every_refusal_says_why_and_all_are_counted(client: httpx.Client) -> None:
    body = asked(7)
    codes = list(dict.fromkeys(row["household_id"] for row in body["households"]))
    for row in body["households"] + body["members"]:
        at = codes.index(row["household_id"])
        if at == 1:
            row["known_at"] = "2026-12-24"
        elif at == 2 and "province" in row:
            row["province"] = "99"
        elif at == 3:
            row["period"] = row["period"].replace("2026", "2025")
            row["known_at"] = "2025-12-01"
        elif at == 4 and "age" in row and row["person_id"] == "1":
            row["age"] = 400
        elif at == 5 and "province" in row:
            row["power"] = "solar"
        elif at == 6:
            facts = {"household_id", "period", "known_at", "unit", "province", "person_id", "age", "relation"}
            for name in set(row) - facts:
                row[name] = None
    told = post(client, body)
    adds_up(told)
    assert [row["refusal"] for row in told["scores"]] == [
        None, "not_known", "outside_model", "stale", "quarantined", "quarantined", "core_missing"]  # fmt: skip
    assert told["counts"] == {"households": 7, "scored": 1, "refused": 4, "quarantined": 2}
    rules = {(row["table"], row["field"], row["household_id"]) for row in told["quarantine"]}
    assert ("members", "age", codes[4]) in rules
    assert ("households", "power", codes[5]) in rules
    for row in told["quarantine"]:
        assert row["text"]["en"] == row["rule"]
        assert row["text"]["id"] != row["rule"]
    for row in told["scores"]:
        if row["status"] == "refused":
            assert [row[name] for name in ("risk", "applies", "reasons", "p_poor_now", "certainty")] == [None] * 5


def test_a_household_whose_newest_row_is_refused_is_not_scored_on_older_facts(client: httpx.Client) -> None:
    body = asked(2)
    own = [row for row in body["households"] if row["household_id"] == body["households"][0]["household_id"]]
    assert len(own) > 1
    newest, oldest = max(own, key=lambda row: row["period"]), min(own, key=lambda row: row["period"])
    newest["floor_area"] = -99
    told = post(client, body)
    adds_up(told)
    assert told["counts"] == {"households": 2, "scored": 1, "refused": 0, "quarantined": 1}
    assert told["scores"][0]["refusal"] == "quarantined"
    assert told["scores"][0]["risk"] is None
    newest["floor_area"], oldest["floor_area"] = 30, -99
    assert post(client, body)["counts"] == {"households": 2, "scored": 2, "refused": 0, "quarantined": 0}


def test_a_household_without_a_usable_id_is_counted_and_kept_out(client: httpx.Client) -> None:
    body = asked(2)
    lost = copy.deepcopy(body["households"][0])
    lost["household_id"] = None
    body["households"].insert(0, lost)
    told = post(client, body)
    adds_up(told)
    assert told["counts"] == {"households": 3, "scored": 2, "refused": 0, "quarantined": 1}
    assert told["scores"][0]["household_id"] is None
    assert told["scores"][0]["province"] == lost["province"]


def test_nothing_known_on_the_date_is_an_answer_too(client: httpx.Client) -> None:
    told = post(client, asked(2) | {"as_of": "2020-01-01"})
    adds_up(told)
    assert [row["refusal"] for row in told["scores"]] == ["not_known", "not_known"]


def test_context_of_the_request_replaces_that_of_the_model(client: httpx.Client) -> None:
    signal = {"sector_section": "A", "region": "ID", "period": "2026Q3", "known_at": "2026-10-10", "layoff_rate": 0.9,
              "employment_growth": -0.9, "vacancy_rate": 0.0, "wage_growth": -0.9}  # fmt: skip
    plain, other = post(client, asked(20)), post(client, asked(20, sector_signals=[signal]))
    empty = post(client, asked(20, shocks=[], sector_signals=None))
    adds_up(other)
    adds_up(empty)
    assert plain["scores"] == post(client, asked(20))["scores"]
    moved = [row["risk"] != before["risk"] for row, before in zip(other["scores"], plain["scores"], strict=True)]
    assert any(moved)


def test_shocks_reach_a_household_by_its_own_id(client: httpx.Client) -> None:
    body = asked(1)
    for row in body["households"] + body["members"]:
        row["household_id"] = "3201010101010001"
    shock = {"place": "3201010101010001", "scope": "household", "shock": "job_loss", "period": "2026Q3",
             "known_at": "2026-10-10"}  # fmt: skip
    told = post(client, body | {"shocks": [shock]})
    assert told["counts"]["scored"] == 1
    assert told["quarantine"] == []


def test_an_id_is_never_sent_back_nor_logged(client: httpx.Client, live: Any) -> None:
    body = asked(2)
    number = "3171234567890001"
    first = body["households"][0]["household_id"]
    for row in body["households"] + body["members"]:
        if row["household_id"] == first:
            row["household_id"] = number
    body["members"].append({**body["members"][0], "relation": "friend", "person_id": "3171999999990002"})
    answer = client.post("/v1/score", json=body)
    assert answer.status_code == 200
    for secret in (number, "3171999999990002"):
        assert secret not in answer.text
        client.get(f"/v1/households/{secret}", params={"q": secret})
        client.post("/v1/score", content=secret)
    for text in (live.printed(), client.get("/metrics").text):
        assert number not in text
        assert "3171999999990002" not in text
        assert answer.json()["scores"][0]["household_id"] not in text
        assert "households/3" not in text
        assert "/v1/households/{code}" in text
    assert "POST /v1/score 200" in live.printed()


def test_the_model_tells_of_itself(client: httpx.Client, bundles: tuple[Path, Path]) -> None:
    answer = client.get("/v1/model")
    told = answer.json()
    assert told["name"] == bundles[0].name
    assert told["identity"].startswith(told["name"])
    assert told["gates"] == {"leak alarm": {"passed": True, "found": "AUC .8"}}
    assert told["figures"] == {"auc": 0.8}
    assert answer.headers["Jaga-Synthetic"] == "true"


@pytest.mark.parametrize("path", ["/healthz", "/livez", "/readyz"])
def test_health(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 200


def test_metrics_count_households_and_requests_by_route(client: httpx.Client) -> None:
    post(client, asked(3))
    client.get("/no/such/page")
    text = client.get("/metrics").text
    assert 'jaga_requests_total{method="POST",route="/v1/score",status="200"}' in text
    assert 'jaga_households_total{outcome="scored"}' in text
    assert 'route="unknown",status="404"' in text
    assert "no/such/page" not in text
