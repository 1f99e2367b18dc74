"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from serving.store.types import Moment

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "attempts",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("first", Moment(), nullable=False),
        sa.Column("last", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempts")),
    )
    op.create_table(
        "audit",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("roles", sa.String(length=120), nullable=False),
        sa.Column("via", sa.String(length=10), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=False),
        sa.Column("object", sa.String(length=80), nullable=False),
        sa.Column("households", sa.Text(), nullable=False),
        sa.Column("province", sa.String(length=2), nullable=True),
        sa.Column("regency", sa.String(length=4), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("detail", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_object_n", "audit", ["object", "n"], unique=False)
    op.create_index("ix_audit_person_n", "audit", ["person", "n"], unique=False)

    op.create_table(
        "audit_heads",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_heads")),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.String(length=1), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "year", name=op.f("pk_counters")),
    )
    op.create_table(
        "flows",
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("verifier", sa.String(length=128), nullable=False),
        sa.Column("onward", sa.String(length=2000), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("state", name=op.f("pk_flows")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=True),
        sa.Column("subject", sa.String(length=255), nullable=True),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("created", Moment(), nullable=False),
        sa.Column("changed", Moment(), nullable=False),
        sa.Column("last_seen", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("account", name=op.f("uq_people_account")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_people_issuer_subject")),
    )
    op.create_table(
        "drafts",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("created", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_drafts_person")),
        sa.PrimaryKeyConstraint("person", "path", name=op.f("pk_drafts")),
    )
    op.create_table(
        "grants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("area", sa.String(length=4), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("ended", Moment(), nullable=True),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["ended_by"], ["people.id"], name=op.f("fk_grants_ended_by")),
        sa.ForeignKeyConstraint(["given_by"], ["people.id"], name=op.f("fk_grants_given_by")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_grants_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
    )
    op.create_index("ix_grants_person", "grants", ["person"], unique=False)
    op.create_index(
        "uq_grants_open",
        "grants",
        ["person", "role", "area"],
        unique=True,
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    )

    op.create_table(
        "lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("quarter", sa.String(length=6), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("province", sa.String(length=2), nullable=True),
        sa.Column("regency", sa.String(length=4), nullable=True),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("run", sa.String(length=40), nullable=False),
        sa.Column("bundle", sa.String(length=12), nullable=False),
        sa.Column("cut", sa.Float(), nullable=True),
        sa.Column("budget", sa.BigInteger(), nullable=True),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("replaces", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(status = 'confirmed') = (number IS NOT NULL AND version IS NOT NULL AND confirmed_by IS NOT NULL "
            "AND confirmed_at IS NOT NULL AND hash IS NOT NULL)",
            name=op.f("ck_lists_confirmed"),
        ),
        sa.CheckConstraint("status IN ('draft', 'confirmed')", name=op.f("ck_lists_status")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["people.id"], name=op.f("fk_lists_confirmed_by")),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name=op.f("fk_lists_made_by")),
        sa.ForeignKeyConstraint(["replaces"], ["lists.id"], name=op.f("fk_lists_replaces")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lists")),
        sa.UniqueConstraint("number", "version", name=op.f("uq_lists_number_version")),
    )
    op.create_index("ix_lists_made_by", "lists", ["made_by"], unique=False)
    op.create_index("ix_lists_quarter_province_regency", "lists", ["quarter", "province", "regency"], unique=False)

    op.create_table(
        "once",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("media", sa.String(length=100), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_once_person")),
        sa.PrimaryKeyConstraint("person", "key", name=op.f("pk_once")),
    )
    op.create_index("ix_once_at", "once", ["at"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("via", sa.String(length=10), nullable=False),
        sa.Column("created", Moment(), nullable=False),
        sa.Column("last_seen", Moment(), nullable=False),
        sa.Column("ends", Moment(), nullable=False),
        sa.Column("ended", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_sessions_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index("ix_sessions_person", "sessions", ["person"], unique=False)

    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("prefix", sa.String(length=12), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.String(length=200), nullable=False),
        sa.Column("area", sa.String(length=4), nullable=False),
        sa.Column("created", Moment(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("expires", Moment(), nullable=False),
        sa.Column("revoked", Moment(), nullable=True),
        sa.Column("last_used", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["people.id"], name=op.f("fk_tokens_created_by")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_tokens_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("hash", name=op.f("uq_tokens_hash")),
        sa.UniqueConstraint("prefix", name=op.f("uq_tokens_prefix")),
    )
    op.create_index("ix_tokens_person", "tokens", ["person"], unique=False)

    op.create_table(
        "list_places",
        sa.Column("list", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("household", sa.String(length=12), nullable=False),
        sa.Column("province", sa.String(length=2), nullable=True),
        sa.Column("regency", sa.String(length=4), nullable=True),
        sa.Column("scheme", sa.String(length=40), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(length=80), nullable=False),
        sa.Column("risk", sa.Float(), nullable=True),
        sa.Column("low", sa.Float(), nullable=True),
        sa.Column("high", sa.Float(), nullable=True),
        sa.Column("need", sa.Float(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("probability", sa.Float(), nullable=True),
        sa.Column("verify", sa.Boolean(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "probability IS NULL OR (probability > 0 AND probability <= 1)", name=op.f("ck_list_places_probability")
        ),
        sa.ForeignKeyConstraint(["list"], ["lists.id"], name=op.f("fk_list_places_list")),
        sa.PrimaryKeyConstraint("list", "place", name=op.f("pk_list_places")),
        sa.UniqueConstraint("list", "scheme", "household", name=op.f("uq_list_places_list_scheme_household")),
    )
    op.create_index("ix_list_places_household", "list_places", ["household"], unique=False)
    op.create_index("ix_list_places_list_regency", "list_places", ["list", "regency"], unique=False)

    op.create_table(
        "objections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("household", sa.String(length=12), nullable=False),
        sa.Column("province", sa.String(length=2), nullable=True),
        sa.Column("regency", sa.String(length=4), nullable=True),
        sa.Column("list", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("asker", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.CheckConstraint("(outcome IS NULL) = (decided_by IS NULL)", name=op.f("ck_objections_decided")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_objections_decided_by")),
        sa.ForeignKeyConstraint(["list"], ["lists.id"], name=op.f("fk_objections_list")),
        sa.ForeignKeyConstraint(["opened_by"], ["people.id"], name=op.f("fk_objections_opened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
        sa.UniqueConstraint("number", name=op.f("uq_objections_number")),
    )
    op.create_index("ix_objections_household", "objections", ["household"], unique=False)
    op.create_index("ix_objections_list", "objections", ["list"], unique=False)
    op.create_index("ix_objections_opened_by", "objections", ["opened_by"], unique=False)
    op.create_index("ix_objections_regency_deadline", "objections", ["regency", "deadline"], unique=False)

    op.create_table(
        "visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("household", sa.String(length=12), nullable=False),
        sa.Column("province", sa.String(length=2), nullable=True),
        sa.Column("regency", sa.String(length=4), nullable=True),
        sa.Column("list", sa.Integer(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("probability", sa.Float(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=True),
        sa.Column("wrong", sa.JSON(), nullable=True),
        sa.Column("moved_to", sa.String(length=4), nullable=True),
        sa.Column("intervention", sa.String(length=80), nullable=True),
        sa.Column("visited", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", Moment(), nullable=True),
        sa.Column("known_at", sa.Date(), nullable=True),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.CheckConstraint("(status = 'planned') = (result IS NULL)", name=op.f("ck_visits_result")),
        sa.CheckConstraint("status IN ('planned', 'done', 'closed')", name=op.f("ck_visits_status")),
        sa.ForeignKeyConstraint(["closed_by"], ["people.id"], name=op.f("fk_visits_closed_by")),
        sa.ForeignKeyConstraint(["corrects"], ["visits.id"], name=op.f("fk_visits_corrects")),
        sa.ForeignKeyConstraint(["list"], ["lists.id"], name=op.f("fk_visits_list")),
        sa.ForeignKeyConstraint(["recorded_by"], ["people.id"], name=op.f("fk_visits_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.UniqueConstraint("corrects", name=op.f("uq_visits_corrects")),
    )
    op.create_index("ix_visits_household", "visits", ["household"], unique=False)
    op.create_index("ix_visits_list", "visits", ["list"], unique=False)
    op.create_index("ix_visits_recorded_by", "visits", ["recorded_by"], unique=False)
    op.create_index("ix_visits_status_regency_due", "visits", ["status", "regency", "due"], unique=False)
    op.create_index(
        "uq_visits_first",
        "visits",
        ["list", "place"],
        unique=True,
        sqlite_where=sa.text("corrects IS NULL"),
        postgresql_where=sa.text("corrects IS NULL"),
    )

    op.create_table(
        "objection_events",
        sa.Column("objection", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["objection"], ["objections.id"], name=op.f("fk_objection_events_objection")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_objection_events_person")),
        sa.PrimaryKeyConstraint("objection", "n", name=op.f("pk_objection_events")),
    )
