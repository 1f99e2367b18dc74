"""Commands of the serving package."""

from __future__ import annotations

from features.commands import Commands
from serving import batch_cli, feedback_cli, lists_cli, scores_cli, serve_cli, store_cli


def register(commands: Commands) -> None:
    """Add the commands of this package."""
    batch_cli.register(commands)
    feedback_cli.register(commands)
    lists_cli.register(commands)
    scores_cli.register(commands)
    serve_cli.register(commands)
    store_cli.register(commands)
