"""The route that reads the audit log: one's own acts, those of one's area, or all of it, by role."""

from __future__ import annotations

import datetime

from pydantic import BaseModel, Field

from serving.api.routes import Answer, Call, Route
from serving.api.shapes import Moment, Page, PageQuery
from serving.audit import search
from serving.audit.search import Asked
from serving.office import Office


class AuditQuery(PageQuery):
    """Which rows."""

    by: str | None = Field(None, max_length=64, description="Account.")
    act: str | None = Field(None, pattern=r"^[a-z_]{1,20}([.][a-z_]{1,20})?$",
                            description="An act such as `list.export`, or all of `list`.")  # fmt: skip
    object: str | None = Field(None, pattern=r"^[A-Za-z0-9._ -]{1,64}$",
                               description="Number, account, or a household's code: each row about it or that showed "
                                           "it among others; rows of exports name their list. Of a list with "
                                           "versions `D-2026-0001 v2` is one of them.")  # fmt: skip
    since: Moment | None = Field(None, description="Of this time or later.")
    until: Moment | None = Field(None, description="Before this time.")


class AuditRow(BaseModel):
    """One act."""

    n: int
    at: datetime.datetime
    account: str
    roles: str
    via: str
    act: str
    result: str
    object: str
    province: str | None
    regency: str | None
    count: int
    hash: str


class AuditPage(Page):
    """Rows of the log, the newest first."""

    rows: list[AuditRow]


def _index(office: Office, call: Call) -> Answer:
    asked, before = call.query, call.after()
    wanted = Asked(asked.by, asked.act, asked.object, asked.since, asked.until)
    with office.store.reading() as connection:
        found = search.rows(connection, call.who, wanted, before=before, limit=asked.count + 1)
    shown = [{name: row._mapping[name] for name in AuditRow.model_fields} for row in found[: asked.count]]
    office.journal.write(call.who, "audit.see", area=search.reach(call.who), count=len(shown),
                         detail={"by": asked.by, "act": asked.act})  # fmt: skip
    return Answer(call.page("rows", shown, found[asked.count - 1].n if len(found) > asked.count else None))


_ROW = {"n": 48_211, "at": "2026-11-24T03:10:00+00:00", "account": "dewi", "roles": "officer", "via": "token",
        "act": "household.see", "result": "done", "object": "7K3M9Q2PT5XA", "province": "32", "regency": "3204",
        "count": 1, "hash": "0" * 64}  # fmt: skip
ROUTES = (
    Route("GET", "/v1/audit", "audit", tag="service", scope="audit.read", act="audit.own",
          summary="The audit log, as far as one's role reaches",
          about="Administrators and verifiers read that of their areas, everybody their own acts.",
          handle=_index, answer=AuditPage, query=AuditQuery, example={"rows": [_ROW], "next": None},
          problems=("bad_query", "read_only")),
)  # fmt: skip
