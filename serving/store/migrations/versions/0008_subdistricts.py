"""Places of lists and visits tell the sub-district of the family, where the scores do."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the columns; what is there already has none, and the hash of a confirmed list stays as it is."""
    for table in ("list_places", "visits"):
        op.add_column(table, sa.Column("subdistrict", sa.String(7), nullable=True))


def downgrade() -> None:
    """Take the columns away."""
    for table in ("list_places", "visits"):
        op.drop_column(table, "subdistrict")
