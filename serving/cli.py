"""Commands of the serving package."""

from __future__ import annotations

from features.commands import Commands
from serving import feedback_cli, serve_cli, store_cli
from serving.batch import cli as batch_cli
from serving.lists import cli as lists_cli
from serving.scores import cli


def register(commands: Commands) -> None:
    """Add the commands of this package."""
    batch_cli.register(commands)
    feedback_cli.register(commands)
    lists_cli.register(commands)
    cli.register(commands)
    serve_cli.register(commands)
    store_cli.register(commands)
