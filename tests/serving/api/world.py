"""The app in this process with its people, and what they do with it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from fastapi import FastAPI
from sqlalchemy import func, select
from starlette.testclient import TestClient

from serving.access.rights import SCOPES as _SCOPES
from serving.front import Front
from serving.office import Office
from serving.store.engine import Store
from serving.store.tables import audit

SCOPES = tuple(_SCOPES)
MINE, OTHER = "3101", "7301"
_keys = count()


@dataclass
class World:
    app: FastAPI
    store: Store
    office: Office
    secrets: dict[str, str]
    _client: TestClient = field(init=False)

    def __post_init__(self) -> None:
        self._client = TestClient(Front(self.app), base_url="http://127.0.0.1")

    def close(self) -> None:
        self._client.close()

    def ask(self, who: str | None, method: str, path: str, body: Any = None, *, key: str | None = None,
            **headers: str) -> Any:  # fmt: skip
        """An answer; a write gets a key of its own unless one is given."""
        own = {"Accept-Language": "en", "Idempotency-Key": key or f"test-key-{next(_keys)}"} | headers
        if who is not None:
            own["Authorization"] = f"Bearer {self.secrets[who]}"
        content = None
        if method == "POST":
            own.setdefault("Content-Type", "application/json")
            content = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
        return self._client.request(method, path, content=content, headers=own, follow_redirects=False)

    def get(self, who: str | None, path: str, **headers: str) -> Any:
        return self.ask(who, "GET", path, **headers)

    def post(self, who: str | None, path: str, body: Any = None, **more: Any) -> Any:
        return self.ask(who, "POST", path, body, **more)

    def rows(self) -> list[Any]:
        """The audit log."""
        with self.store.reading() as connection:
            return [*connection.execute(select(audit).order_by(audit.c.n))]

    def audited(self) -> int:
        with self.store.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(audit)).scalar_one())

    def households(self, area: str, count: int = 25) -> list[dict[str, Any]]:
        answer = self.get("nina", f"/v1/households?area={area}&count={count}")
        assert answer.status_code == 200, answer.text
        return list(answer.json()["households"])

    def rules(self, area: str = MINE, quota: int = 20, **more: Any) -> dict[str, Any]:
        scheme = {"name": "pkh", "cost": 750_000, "quota": {area: quota}} | more.pop("scheme", {})
        return {"format": 1, "name": "PKH", "period": "2026Q4", "random": 0.05, "scheme": [scheme]} | more

    def draft(self, who: str = "dewi", area: str = MINE, **more: Any) -> dict[str, Any]:
        answer = self.post(who, "/v1/lists", {"rules": self.rules(area, **more)})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def confirm(self, draft: dict[str, Any], who: str = "dewi", **more: Any) -> Any:
        body = {"changed": draft["changed"], "reason": "kuota", "checked": True,
                "expected_errors": draft["expected_errors"]} | more  # fmt: skip
        return self.post(who, f"/v1/lists/{draft['list']}/confirm", body)

    def confirmed(self, who: str = "dewi", area: str = MINE, **more: Any) -> dict[str, Any]:
        answer = self.confirm(self.draft(who, area, **more), who)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())
