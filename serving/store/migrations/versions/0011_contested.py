"""An objection keeps the values that it contests, as the scores told them when it was lodged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the column; cases of before have none, and are told by the scores as long as these are at hand."""
    op.add_column("objections", sa.Column("contested", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Take the column away."""
    op.drop_column("objections", "contested")
