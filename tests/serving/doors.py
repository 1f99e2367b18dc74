"""A small app behind the dependencies of sign-in, as the pages and the API will use them."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI, Form, Request, Response
from starlette.responses import JSONResponse, RedirectResponse

from serving import app as api
from serving.access import signin
from serving.access.gate import gate_of
from serving.access.oidc import Provider
from serving.access.rights import Caller, allow
from serving.problems import Problem
from serving.store.engine import Store


async def bearer(request: Request) -> Caller:
    return await gate_of(request).bearer(request, "households.read")


def small(store: Store, url: str | None = None, provider: Provider | None = None) -> FastAPI:
    app = FastAPI(openapi_url=None)
    signin.install(app, store, url=url, provider=provider)
    app.add_exception_handler(Problem, api._problem)

    @app.post("/masuk", dependencies=[Depends(signin.same_origin)])
    def enter(request: Request, account: Annotated[str, Form()], password: Annotated[str, Form()],
              ke: Annotated[str, Form()] = "") -> Response:  # fmt: skip
        entry = signin.enter(request, account, password)
        onward = signin.safe_path(ke)
        answer = RedirectResponse(signin.by_way_of(signin.CHANGE, onward) if entry.must_change else onward, 303)
        signin.remember(request, answer, entry)
        return answer

    @app.post("/masuk/sandi", dependencies=[Depends(signin.csrf)])
    def change(request: Request, who: Annotated[Caller, Depends(signin.caller_changing)], old: Annotated[str, Form()],
               new: Annotated[str, Form()]) -> Response:  # fmt: skip
        entry = signin.change_password(request, who, old, new)
        answer = RedirectResponse("/ikhtisar", 303)
        signin.remember(request, answer, entry)
        return answer

    @app.get("/masuk/sandi")
    def changing(who: Annotated[Caller, Depends(signin.caller_changing)]) -> dict[str, str]:
        return {"csrf": who.csrf}

    @app.get("/masuk/instansi")
    def away(request: Request, ke: str = "") -> Response:
        return signin.start_provider(request, ke)

    @app.get("/masuk/kembali")
    def back(request: Request) -> Response:
        entry, onward = signin.finish_provider(request)
        answer = RedirectResponse(onward, 303)
        signin.remember(request, answer, entry)
        return answer

    @app.post("/keluar", dependencies=[Depends(signin.csrf)])
    def leave(request: Request, who: Annotated[Caller, Depends(signin.caller_changing)], all: str = "") -> Response:
        answer = RedirectResponse("/masuk", 303)
        onward = signin.leave(request, who, answer, everywhere=bool(all))
        if onward:
            answer.headers["Location"] = onward
        return answer

    @app.get("/ikhtisar")
    def overview(who: Annotated[Caller, Depends(signin.caller)]) -> dict[str, object]:
        return {"account": who.account, "csrf": who.csrf, "grants": [f"{g.role}:{g.area}" for g in who.grants]}

    @app.get("/keluarga")
    def families(who: Annotated[Caller, Depends(signin.caller)]) -> dict[str, object]:
        return {"codes": allow(who, "household.see").codes}

    @app.post("/keluarga", dependencies=[Depends(signin.csrf)])
    def look(who: Annotated[Caller, Depends(signin.caller)]) -> dict[str, object]:
        return {"codes": allow(who, "household.see").codes}

    @app.post("/kunjungan", dependencies=[Depends(signin.csrf)])
    def visit(who: Annotated[Caller, Depends(signin.caller_keeping)], note: Annotated[str, Form()]) -> dict[str, str]:
        return {"by": who.account, "note": note}

    @app.get("/kunjungan")
    def visiting(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        return JSONResponse(signin.kept(request, who, "/kunjungan"))

    @app.post("/tetap", dependencies=[Depends(signin.csrf)])
    def stay(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> None:
        signin.stay(request, who)

    @app.get("/v1/households")
    def households(who: Annotated[Caller, Depends(bearer)]) -> dict[str, object]:
        return {"account": who.account, "codes": allow(who, "household.see").codes}

    return app
