"""What pages do with the forms that are sent to them: read once, done once, and told field by field."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Request
from sqlalchemy import Connection

from models.text import LANGUAGES
from serving.access.rights import Caller
from serving.access.signin import CSRF_FIELD
from serving.api import bodies
from serving.api.routes import Answer, once_only
from serving.console.strings import Strings
from serving.console.view import Desk
from serving.problems import RULES, Problem

KEY = "kunci"
"""Field of the idempotency key: the same form that is sent twice is stored once."""
Values = Mapping[str, list[str]]


async def sent(request: Request) -> dict[str, list[str]]:
    """Texts of a form by field, without the word of the session."""
    return {name: own for name, own in (await bodies.form(request)).items() if name != CSRF_FIELD}


Sent = Annotated[dict[str, list[str]], Depends(sent)]


def first(values: Values, name: str) -> str:
    """The one answer of a field, without blanks around it; empty where there is none."""
    return typed(values, name).strip()


def typed(values: Values, name: str) -> str:
    """The one answer of a field as it was typed, as a password is; empty where there is none."""
    return (values.get(name) or [""])[0]


def key() -> str:
    """A new idempotency key for a form."""
    return secrets.token_urlsafe(16)


def once(desk: Desk, who: Caller, path: str, values: Values, work: Callable[[Connection], str]) -> str:
    """Do a write once for the key of its form; the address to go on to, the same for a form that is sent again.

    Problem `duplicate_request` where other answers came with the same key, and those of `work`.
    """
    asked = json.dumps([path, sorted((name, own) for name, own in values.items() if name != KEY)]).encode()
    done = once_only(desk.office, who, first(values, KEY), asked, lambda connection: Answer({"to": work(connection)}))
    to: str = json.loads(done.body())["to"]
    return to


def broken(problem: Problem, say: Strings, fields: Mapping[str, str], names: Mapping[str, str]) -> dict[str, str]:
    """All that is wrong with each field of the form; the sentence of the problem under "" where no field is named.

    fields : field of the problem to that of the form. names : field of the form to its label.
    """
    at = LANGUAGES.index(say.language)
    if problem.code != "invalid":
        return {"": problem.sentence(say.language)}
    found: dict[str, str] = {}
    for own in problem.broken:
        field = fields.get(own.field, fields.get(own.field.partition("[")[0], own.field))
        shown = field if field in names else ""
        # What a program sets to true a person ticks.
        key = f"form.rule.{own.rule}"
        rule = say.say(key) if say.has(key) else (own.words or RULES[own.rule])[at]
        told = say.say("form.broken", field=names.get(field, own.field), rule=rule)
        if told not in found.get(shown, ""):
            found[shown] = f"{found[shown]} {told}" if shown in found else told
    found = {name: found[name] for name in ("", *names) if name in found}  # as the form asks them
    return found


def address(given: Mapping[str, str], **more: str) -> str:
    """The end of an address, without what is empty."""
    return urlencode([(name, own) for name, own in {**given, **more}.items() if own])


def per_cent(value: float) -> str:
    """A share as a form has it: a number of per cent, as short as it is exact to a ten-thousandth."""
    return f"{100 * value:.4f}".rstrip("0").rstrip(".")
