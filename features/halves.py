"""What a file is called until it is whole, so that nobody takes it for the file."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

END = ".half"
"""How the name ends, after a point at its beginning."""
_OWN = secrets.token_hex(4)


def of(path: Path) -> Path:
    """Where a file is written until it is whole; of this process alone, should a lost one still be writing."""
    return path.with_name(f".{path.name}.{os.getpid()}-{_OWN}{END}")
