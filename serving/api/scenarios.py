"""Routes of the simulation: schemes and shocks, scenarios asked for and read, side by side, as files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Row

from features.safe_cells import CSV
from models.schemes import judging, sheets
from models.text import LANGUAGES, Language
from serving.access.rights import allow
from serving.api import examples
from serving.api.routes import Answer, Call, Route, Write
from serving.api.scenario_shapes import (
    Compare,
    Comparison,
    NewScenario,
    ScenarioAnswer,
    ScenarioHead,
    ScenarioPage,
    ScenarioPlan,
    Scenarios,
    SchemeList,
    ShockList,
)
from serving.api.shapes import Query
from serving.cases import scenario_files, scenarios
from serving.cases.files import XLSX
from serving.office import Office
from serving.problems import Problem
from serving.store.scenarios import OPEN

_HEAD = ("number", "title", "question", "sha256", "seed", "status", "reason", "families", "bundle", "synthetic",
         "made_at", "ended_at")  # fmt: skip


def head(row: Row[Any]) -> dict[str, Any]:
    """A scenario without what it came to."""
    return {"area": scenarios.area_of(row), **{name: getattr(row, name) for name in _HEAD}}


def _schemes(office: Office, call: Call) -> Answer:
    allow(call.who, "scenario.see")
    return Answer({"schemes": scenarios.schemes()})


def _shocks(office: Office, call: Call) -> Answer:
    allow(call.who, "scenario.see")
    return Answer({"shocks": scenarios.shocks()})


def _check(office: Office, call: Call) -> Answer:
    asked = call.body
    found = scenarios.check(office, call.who, asked.scenario, asked.area, asked.seed)
    return Answer(found, headers={} if found["ready"] else {"Retry-After": "1"}, synthetic=found["synthetic"])


def _ask(office: Office, call: Call) -> Write:
    asked = call.body

    def work(connection: Connection) -> Answer:
        row = scenarios.ask(connection, office, call.who, asked.scenario, asked.area, asked.seed)
        return Answer(head(row), 202, headers={"Location": f"/v1/scenarios/{row.number}"})

    return work


def _cancel(office: Office, call: Call) -> Write:
    return lambda connection: Answer(head(scenarios.cancel(connection, call.who, call.path["scenario"])))


def _index(office: Office, call: Call) -> Answer:
    count = call.query.count
    rows = scenarios.index(office, call.who, before=call.after(), count=count)
    last = rows[count - 1].id if len(rows) > count else None
    return Answer(call.page("scenarios", [head(row) for row in rows[:count]], last))


def _see(office: Office, call: Call) -> Answer:
    row = scenarios.see(office, call.who, call.path["scenario"])
    headers = {"Retry-After": "1"} if row.status in OPEN else {}
    told = {"reason": "older", "result": None} if scenarios.older(row) else {"result": row.result}
    return Answer({**head(row), "scenario": row.asked, **told}, headers=headers, synthetic=row.synthetic)


def _compare(office: Office, call: Call) -> Answer:
    found = scenarios.together(office, call.who, call.query.number)
    languages: tuple[Language, ...] = LANGUAGES
    told = {language: judging.answer(found, language) for language in languages}
    return Answer({name: found[name] for name in Comparison.model_fields if name != "answer"} | {"answer": told},
                  synthetic=found["data"]["synthetic"])  # fmt: skip


_Make = Callable[[Office, Mapping[str, Any], Language], bytes]


def _file(suffix: str, media: str, make: _Make) -> Callable[[Office, Call], Answer]:
    def handle(office: Office, call: Call) -> Answer:
        numbers = list(dict.fromkeys(call.query.number))
        if suffix == "pdf" and len(numbers) > scenario_files.MOST_IN_BRIEF:
            raise Problem("bad_query", values={"key": "number", "rule": ("paling banyak dua skenario", "two at most")})
        found = scenarios.together(office, call.who, numbers, "scenario.export")
        language = call.languages[0] if len(call.languages) == 1 else call.who.language
        told = {"Content-Disposition": f'attachment; filename="{scenario_files.name(found, suffix)}"'}
        return Answer(make(office, found, language), 200, media, told, found["data"]["synthetic"])

    return handle


FILES: Mapping[str, tuple[str, _Make]] = {
    "csv": (CSV, lambda _, found, language: sheets.as_csv(found, language)),
    "xlsx": (XLSX, lambda _, found, language: sheets.as_xlsx(found, language)),
    "json": ("application/json", lambda _, found, language: scenario_files.as_json(found, language)),
    "pdf": ("application/pdf", scenario_files.as_pdf),
}
"""Ending of a file to its media type and how it is made."""
_GIVEN = {
    "csv": "UTF-8 with its mark: what the scenarios are, then all tables in one, the first column saying which.",
    "xlsx": "A workbook: a sheet that says what the scenarios are, then one a table, whose numbers are numbers.",
    "pdf": "A4 pages: the question, the answer, pictures, what it costs, what is not known, assumptions, versions.",
}
"""What each file holds."""
_READ: dict[str, Any] = {"tag": "simulation", "scope": "scenarios.read", "act": "scenario.see"}
_EDIT: dict[str, Any] = {"tag": "simulation", "scope": "scenarios.write", "act": "scenario.edit"}
_SIDE = ("bad_query", "not_in_area", "not_lived", "older_result", "not_alike", "read_only")
_NEW = ("bad_scenario", "not_in_area", "read_only")
ROUTES = (
    Route("GET", "/v1/schemes", "schemes", summary="Schemes that scenarios may use",
          about="Each with every figure, its range, basis, year and source.", handle=_schemes, query=Query,
          answer=SchemeList, example={"schemes": [examples.SCHEME]}, logged=False, **_READ),
    Route("GET", "/v1/shocks", "shocks", summary="Shocks that scenarios may use",
          about="Each with every figure, its range, basis, year and source.", handle=_shocks, query=Query,
          answer=ShockList, example={"shocks": [examples.SHOCK]}, logged=False, **_READ),
    Route("POST", "/v1/scenarios/check", "check_scenario", summary="Check a scenario, and what it would cost and reach",
          about="Works its cost and reach out from the sample of the area and lives nothing. The sample is drawn when "
                "it is first asked for, and again after new scores are published: until then "
                "`ready` is false, `families` 0 and `arms` empty, with `Retry-After`; ask again. That the scenario is "
                "in order is checked all the same.", handle=_check,
          body=NewScenario, answer=ScenarioPlan, asked={"scenario": examples.SCENARIO}, example=examples.PLAN,
          others={"preparing": examples.PREPARING}, problems=_NEW, heavy=True, **_EDIT),
    Route("POST", "/v1/scenarios", "new_scenario", summary="Have a scenario lived by a sample of 50,000 families",
          about="Answered at once and lived beside the service, one at a time; `GET` its number for the result. "
                "The sample is of the published scores, or of synthetic families where there are none. 429 "
                "`scenarios_wait` where four of the caller's wait already. A larger one, or the whole nation, is for "
                "`jaga simulate`.",
          handle=_ask, body=NewScenario, answer=ScenarioHead, asked={"scenario": examples.SCENARIO},
          example=examples.SCENARIO_HEAD, problems=("duplicate_request", "scenarios_wait", *_NEW), writes=True,
          status=202, **_EDIT),
    Route("POST", "/v1/scenarios/{scenario}/cancel", "cancel_scenario", summary="Cancel a scenario of one's own",
          about="While it waits or is being lived: its place is free at once, what lives it ends within two seconds, "
                "and nothing it came to is kept. Of another's 403 `own_scenario`; 409 `scenario_ended` where it was "
                "lived to its end, failed or was cancelled.", handle=_cancel, answer=ScenarioHead,
          example=examples.SCENARIO_CANCELLED, writes=True,
          problems=("not_in_area", "own_scenario", "scenario_ended", "duplicate_request", "read_only"), **_EDIT),
    Route("GET", "/v1/scenarios", "scenarios", summary="Scenarios of the caller's areas, the newest first",
          about="Those whose whole area the caller may see.", handle=_index, query=Scenarios, answer=ScenarioPage,
          example={"scenarios": [examples.SCENARIO_HEAD], "next": None}, problems=("bad_query", "read_only"), **_READ),
    *(Route("GET", f"/v1/scenarios/comparison.{suffix}", f"comparison_{suffix}",
            summary="The brief of one or two scenarios" if suffix == "pdf" else f"Scenarios as {suffix}",
            about="With scenario, seed, families and model of every figure; made-up families are marked in the file "
                  "and in its name." if suffix != "pdf" else "Two to three A4 pages, tagged for screen readers.",
            handle=_file(suffix, media, make), query=Compare, answer=None, media=media.partition(";")[0],
            given=_GIVEN[suffix], file=f"sintetis_skenario_K-2026-0001.{suffix}",
            problems=(*_SIDE, "no_pdf") if suffix == "pdf" else _SIDE, heavy=suffix == "pdf", **_READ)
      for suffix, (media, make) in FILES.items() if suffix != "json"),
    Route("GET", "/v1/scenarios/comparison", "comparison", summary="The answers of one to four scenarios side by side",
          about="Only scenarios that the same families live with the same seed, draws, years and shocks can be "
                "compared; anything else is 409 `not_alike` and says what differs.", handle=_compare, query=Compare,
          answer=Comparison, example=examples.COMPARISON, problems=_SIDE, **_READ),
    Route("GET", "/v1/scenarios/{scenario}", "scenario", summary="A scenario and what it came to",
          about="`result` is null while it waits, where it failed or was cancelled, and where an older version lived "
                "it (`reason` is then `older`: ask for it again).", handle=_see, query=Query, answer=ScenarioAnswer,
          example={**examples.SCENARIO_HEAD, "scenario": examples.SCENARIO, "result": None},
          problems=("not_in_area", "read_only"), **_READ),
)  # fmt: skip
