"""Commands of the models package."""

from __future__ import annotations

from features.commands import Commands
from models.compass import cli


def register(commands: Commands) -> None:
    """Add the commands of this package."""
    cli.register(commands)
