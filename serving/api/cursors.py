"""Places in a list of several pages: opaque and signed, so that nobody makes one up or carries one elsewhere."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from serving.problems import bad_query

_LONGEST = 600


class Cursors:
    """Signs and reads cursors with a key of its own."""

    def __init__(self, seal: bytes) -> None:
        self._key = hmac.new(seal, b"cursor", hashlib.sha256).digest()

    def make(self, about: str, value: Any) -> str:
        """A cursor for the next page of `about`: route, caller's areas and filter."""
        body = json.dumps(value, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._sign(about, body) + body).decode().rstrip("=")

    def read(self, about: str, text: str | None) -> Any:
        """What was signed; None without a cursor. Problem `bad_query` for one of something else."""
        if text is None:
            return None
        if len(text) <= _LONGEST and text.isascii():
            try:
                raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
                if hmac.compare_digest(raw[:16], self._sign(about, raw[16:])):
                    return json.loads(raw[16:])
            except ValueError:
                pass
        raise bad_query("cursor", "cursor")

    def _sign(self, about: str, body: bytes) -> bytes:
        return hmac.new(self._key, about.encode() + b"\n" + body, hashlib.sha256).digest()[:16]
