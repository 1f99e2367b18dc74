"""From bytes to what was asked: limited in size and time, strict in names and types, told field by field."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import date
from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect

from features.values import masked
from serving import limits
from serving.api import shapes
from serving.faults import Faults
from serving.json_names import loads
from serving.nowhere import NowhereError
from serving.problems import RULES, Broken, Problem, too_large

Asked = TypeVar("Asked", bound=shapes.Asked)
Query = TypeVar("Query", bound=BaseModel)
_RULES = {
    "missing": "required", "extra_forbidden": "unknown_field", "literal_error": "choice", "enum": "choice",
    "string_too_long": "text", "string_too_short": "text", "string_type": "words", "string_pattern_mismatch": "shape",
    "list_type": "list", "too_long": "items", "too_short": "items", "dict_type": "object", "model_type": "object",
    "bool_type": "flag", "bool_parsing": "flag", "float_type": "number", "finite_number": "number",
    "float_parsing": "number",
}  # fmt: skip


class TogetherError(ValueError):
    """A rule that fields of a body break together; each of them is told.

    Attributes
    ----------
    fields : their names.
    """

    def __init__(self, rule: str, fields: tuple[str, ...]) -> None:
        super().__init__(rule)
        self.fields = fields


class Held:
    """Room for the bodies that a process holds at a time, in bytes."""

    def __init__(self, most: int) -> None:
        self._most, self._now = most, 0

    @contextmanager
    def room(self, request: Request, most: int) -> Iterator[None]:
        """Keep room for the body of a request: as much as it says, else `most`. Problem `too_large`, `busy`."""
        size = said(request, most)
        if self._now + size > self._most:
            raise Problem("busy", headers={"Retry-After": "2"})
        self._now += size
        try:
            yield
        finally:
            self._now -= size


def said(request: Request, most: int) -> int:
    """Bytes that a request says it has, `most` where it does not say. Problem `too_large`, `bad_request`."""
    text = request.headers.get("content-length")
    if text is None:
        return most
    if not (text.isascii() and text.isdigit()):
        raise Problem("bad_request")
    if len(text) > 15 or int(text) > most:
        raise too_large(most)
    return int(text)


async def read(request: Request, most: int) -> bytes:
    """The whole body, refused as soon as it is known to be larger than `most` bytes or is not sent on."""
    said(request, most)
    parts, size = [], 0
    async with _arriving():
        async for part in request.stream():
            size += len(part)
            if size > most:
                raise too_large(most)
            parts.append(part)
    return b"".join(parts)


async def form(request: Request) -> dict[str, list[str]]:
    """Texts of a form by field, read once a request and given the same time as any body; files are no answers of ours.

    Its size is looked at before (`serving.front`).
    """
    async with _arriving():
        found = await request.form()
    return {name: [own for own in found.getlist(name) if isinstance(own, str)] for name in found}


@asynccontextmanager
async def _arriving() -> AsyncIterator[None]:
    """Problem `too_slow_to_send`, `bad_request` for a body that does not arrive."""
    try:
        async with asyncio.timeout(limits.SEND_SECONDS):
            yield
    except TimeoutError:
        raise Problem("too_slow_to_send") from None
    except ClientDisconnect:
        raise Problem("bad_request") from None


def is_json(request: Request) -> None:
    """Problem `media_type` where the body is said to be something else than JSON, or packed: nothing is unpacked."""
    if request.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise Problem("media_type")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Problem("media_type")


def parse(model: type[Asked], body: bytes, today: date) -> Asked:
    """What a body asks for. Problem `not_json`, or `invalid` with every field and rule."""
    given(body)  # of a name that stands there twice the parser below takes the last, without a word
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        if error.errors()[0]["type"] == "json_invalid":
            raise Problem("not_json") from None
        told, more = broken(error), Faults()
    model.beyond(given(body), today, more)
    # What has not the right form breaks no other rule.
    formless = {_head(own.field) for own in told}
    raise Problem("invalid", dict.fromkeys([*told, *(own for own in more.broken if _head(own.field) not in formless)]))


def given(body: bytes) -> dict[str, object]:
    """What a body that is JSON holds, of any form; nothing where it is no object. Problem `invalid`: a name twice."""
    try:
        found = loads(body)
    except (ValueError, RecursionError):  # a number of thousands of digits; as deep as nothing of ours
        return {}
    return found if isinstance(found, dict) else {}


def words(given: Mapping[str, object], name: str) -> str:
    """The text of a field of any form; empty where it is none."""
    found = given.get(name)
    return found if isinstance(found, str) else ""


def query(model: type[Query], request: Request) -> Query:
    """What a query asks for: a list may stand several times or with commas. Problem `bad_query` names the key."""
    given: dict[str, object] = {}
    for key in request.query_params:
        values = request.query_params.getlist(key)
        field = model.model_fields.get(key)
        if field is not None and "list" in str(field.annotation):
            given[key] = [part for value in values for part in value.split(",") if part]
        else:
            given[key] = values[-1]
    try:
        return model.model_validate(given, strict=False)
    except ValidationError as error:
        found = [Broken(own.field, "no_filter") if own.rule == "unknown_field" else own for own in broken(error)]
        raise Problem(
            "bad_query", found, values={"key": masked(found[0].field), "rule": found[0].words or RULES[found[0].rule]}
        ) from None


def broken(error: ValidationError) -> list[Broken]:
    """Fields and rules of a validation error; nothing of the values."""
    found = []
    for own in error.errors():
        ctx = own.get("ctx") or {}
        together = ctx.get("error")
        ends: list[tuple[str, ...]] = (
            [(name,) for name in together.fields] if isinstance(together, TogetherError) else [()]
        )
        words = together.words if isinstance(together, NowhereError) else None
        found += [Broken(_path((*own["loc"], *end)), _rule(own["type"], ctx), words) for end in ends]
    return found


def _rule(kind: str, ctx: Mapping[str, object]) -> str:
    if kind == "value_error":
        told = str(ctx.get("error", ""))
        return told if told in RULES else "shape"
    if kind == "string_pattern_mismatch" and ctx.get("pattern") == shapes.AREA:
        return "area"
    for start, rule in (("int", "whole"), ("date", "date"), ("greater", "range"), ("less", "range")):
        if kind.startswith(start):
            return rule
    return _RULES.get(kind, "shape")


def _head(field: str) -> str:
    """The field of the body that a path begins with."""
    return field.partition(".")[0].partition("[")[0]


def _path(parts: tuple[int | str, ...]) -> str:
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text[:80].encode("utf-8", "replace").decode()
