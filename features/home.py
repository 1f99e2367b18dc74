"""Where an installation keeps its models, records and logs."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """Folder of this installation: `JAGA_HOME`, else `.jaga` in the working directory; need not be there yet."""
    return Path(os.environ.get("JAGA_HOME") or ".jaga").absolute()


def configuration() -> Path:
    """The user's configuration folder, for keys and secrets, which never lie in `home`; need not be there yet."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "jaga"
