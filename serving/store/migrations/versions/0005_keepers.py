"""Within which area the first password of an account was given."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column; accounts that are there already are those of the nation."""
    op.add_column("people", sa.Column("keeper", sa.String(length=4), nullable=False, server_default=""))
