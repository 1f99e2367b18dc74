"""Scenarios of the simulation and what they came to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from serving.store.types import Moment

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "scenarios",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("province", sa.String(length=2), nullable=True),
        sa.Column("regency", sa.String(length=4), nullable=True),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("question", sa.JSON(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("until", Moment(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("families", sa.String(length=80), nullable=False),
        sa.Column("bundle", sa.String(length=40), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("paired", sa.JSON(), nullable=True),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.CheckConstraint("status IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_scenarios_status")),
        sa.CheckConstraint(
            "(status = 'done') = (result IS NOT NULL AND paired IS NOT NULL AND synthetic IS NOT NULL)",
            name=op.f("ck_scenarios_done"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name=op.f("fk_scenarios_made_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenarios")),
        sa.UniqueConstraint("number", name=op.f("uq_scenarios_number")),
    )
    op.create_index(op.f("ix_scenarios_made_by"), "scenarios", ["made_by"], unique=False)
    op.create_index("ix_scenarios_status", "scenarios", ["status"], unique=False)
