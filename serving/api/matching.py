"""What two people may change carries a number, `changed`: sent back with a change, in the body or as `If-Match`.

Both are one rule, the store's: it refuses a change to what is another now. Who asked by `If-Match` is told so by 412,
others by 409.
"""

from __future__ import annotations

import re

from pydantic import BaseModel

from serving.api.shapes import Changing
from serving.faults import Faults
from serving.problems import Problem

HEADER = "If-Match"
_TAG = re.compile(r'"([1-9][0-9]{0,8})"', re.ASCII)


def applies(body: type[BaseModel] | None) -> bool:
    """Whether a body can tell `changed`."""
    return body is not None and "changed" in body.model_fields


def tag(changed: int) -> dict[str, str]:
    """The header of an answer that tells `changed`."""
    return {"ETag": f'"{changed}"'}


def check(header: str | None, model: type[BaseModel], changed: object, faults: Faults) -> int | None:
    """`changed` as the header tells it, None where none is sent.

    Noted: the header is no single strong tag, differs from the body, or is sent where nothing is changed; or neither
    tells what has to be told.
    """
    if header is None:
        if issubclass(model, Changing) and changed is None:
            faults.tell("changed", "required")
        return None
    found = _TAG.fullmatch(header.strip())
    if found is None or not applies(model):
        faults.tell(HEADER, "etag")
        return None
    if changed not in (None, int(found[1])):
        faults.tell("changed", "one_of_two")
    return int(found[1])


def told(problem: Problem, header: str | None) -> Problem:
    """The problem of a change to what is another now, as whoever sent the header is told it."""
    return Problem("precondition_failed") if header is not None and problem.code == "changed_meanwhile" else problem
