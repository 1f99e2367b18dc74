"""Files that pages load: an address that changes with its content, so that a browser may keep it for ever."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDERS = (Path(__file__).parent / "static", Path(__file__).parent.parent / "static")
"""Of the officers' pages, and of the whole service with what is vendored."""
FOR_EVER = "public, max-age=31536000, immutable"


@cache
def digest(name: str) -> str | None:
    """First hex digits of the SHA-256 of a file; None where there is no such file."""
    for folder in FOLDERS:
        path = folder / name
        if path.is_file():
            return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return None


def address(name: str) -> str:
    """Address of a file; KeyError where it is not there."""
    found = digest(name)
    if found is None:
        raise KeyError(name)
    return f"/static/{name}?v={found}"


class Static(StaticFiles):
    """The files of both folders."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDERS[0])
        self.all_directories = list(FOLDERS)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file; kept for ever under the address of its content, asked for again under any other."""
        answer = await super().get_response(path, scope)
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("v", [""])[0]
        fits = bool(asked) and digest(path) == asked
        answer.headers["Cache-Control"] = FOR_EVER if fits else "no-cache"
        return answer
