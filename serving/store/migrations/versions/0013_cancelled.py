"""A scenario that waits or is being lived may be cancelled."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"

_BEFORE = ("waiting", "running", "done", "failed")


def _states(*names: str) -> None:
    """Let a scenario have these states alone."""
    name = op.f("ck_scenarios_status")
    with op.batch_alter_table("scenarios") as table:  # SQLite changes no rule of a table: it is made anew
        table.drop_constraint(name, type_="check")
        table.create_check_constraint(name, f"status IN ({', '.join(repr(own) for own in names)})")


def upgrade() -> None:
    """Let a scenario be cancelled."""
    _states(*_BEFORE, "cancelled")


def downgrade() -> None:
    """Tell one that was cancelled as one that failed."""
    op.execute("UPDATE scenarios SET status = 'failed', reason = 'cancelled' WHERE status = 'cancelled'")
    _states(*_BEFORE)
