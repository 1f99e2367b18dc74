"""The tables of the first release, and what the database itself guards.

Written out and not taken from `serving.store.tables`: that goes on, and what a step makes must stay as it ran. Names of
keys and indices that are not given follow the convention of the metadata.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from serving.store.types import Moment

revision = "v1"
down_revision = None

_AUDIT = "jaga: an audit row is never changed"
_LIST = "jaga: a confirmed list is never changed"
_OLD = "(SELECT status FROM lists WHERE id = OLD.list) = 'confirmed'"
_NEW = "(SELECT status FROM lists WHERE id = NEW.list) = 'confirmed'"
_KEPT = ("EXISTS (SELECT 1 FROM lists WHERE status = 'confirmed' "
         "AND (id = NEW.id OR (number = NEW.number AND version = NEW.version)))")  # fmt: skip
# INSERT OR REPLACE and UPDATE OR REPLACE fire no DELETE trigger: hence the guards on INSERT and the one named `over`.
_SQLITE = (
    ("audit_insert", "INSERT", "audit", "EXISTS (SELECT 1 FROM audit WHERE n = NEW.n)", _AUDIT),
    ("audit_update", "UPDATE", "audit", "TRUE", _AUDIT),
    ("audit_delete", "DELETE", "audit", "TRUE", _AUDIT),
    ("lists_insert", "INSERT", "lists", _KEPT, _LIST),
    ("lists_update", "UPDATE", "lists", "OLD.status = 'confirmed'", _LIST),
    ("lists_over", "UPDATE", "lists", f"OLD.status <> 'confirmed' AND {_KEPT}", _LIST),
    ("lists_delete", "DELETE", "lists", "OLD.status = 'confirmed'", _LIST),
    *((f"{table}_{act.lower()}", act, table, when, _LIST) for table in ("list_places", "list_outside")
      for act, when in (("INSERT", _NEW), ("UPDATE", f"{_OLD} OR {_NEW}"), ("DELETE", _OLD))),
)  # fmt: skip
# FOR SHARE: a place must not slip into a list that another transaction is just confirming.
_POSTGRES = f"""
CREATE FUNCTION guard_audit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION '{_AUDIT}' USING ERRCODE = '23001';
END $$;
CREATE FUNCTION guard_lists() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION '{_LIST}' USING ERRCODE = '23001';
END $$;
CREATE FUNCTION guard_list_places() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM 1 FROM lists WHERE id = OLD.list FOR SHARE;
        IF (SELECT status FROM lists WHERE id = OLD.list) = 'confirmed' THEN
            RAISE EXCEPTION '{_LIST}' USING ERRCODE = '23001';
        END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    PERFORM 1 FROM lists WHERE id = NEW.list FOR SHARE;
    IF (SELECT status FROM lists WHERE id = NEW.list) = 'confirmed' THEN
        RAISE EXCEPTION '{_LIST}' USING ERRCODE = '23001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guard_audit_rows BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION guard_audit();
CREATE TRIGGER guard_audit_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION guard_audit();
CREATE TRIGGER guard_lists_rows BEFORE UPDATE OR DELETE ON lists FOR EACH ROW
    WHEN (OLD.status = 'confirmed') EXECUTE FUNCTION guard_lists();
CREATE TRIGGER guard_lists_truncate BEFORE TRUNCATE ON lists FOR EACH STATEMENT EXECUTE FUNCTION guard_lists();
CREATE TRIGGER guard_list_places_rows BEFORE INSERT OR UPDATE OR DELETE ON list_places FOR EACH ROW
    EXECUTE FUNCTION guard_list_places();
CREATE TRIGGER guard_list_places_truncate BEFORE TRUNCATE ON list_places FOR EACH STATEMENT
    EXECUTE FUNCTION guard_lists();
CREATE TRIGGER guard_list_outside_rows BEFORE INSERT OR UPDATE OR DELETE ON list_outside FOR EACH ROW
    EXECUTE FUNCTION guard_list_places();
CREATE TRIGGER guard_list_outside_truncate BEFORE TRUNCATE ON list_outside FOR EACH STATEMENT
    EXECUTE FUNCTION guard_lists();
"""  # noqa: S608 - our own words


def upgrade() -> None:
    """Make the tables and their guards."""
    for make in (_people, _entries, _work, _log, _lists, _parts, _visits, _objections, _scenarios, _guards):
        make()


def _people() -> None:
    """People and what they may."""
    op.create_table("people",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account", sa.String(64), nullable=False, unique=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("password", sa.Text, nullable=True),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("issuer", sa.String(300), nullable=True),
        sa.Column("subject", sa.String(255), nullable=True),
        sa.Column("locked", sa.Boolean, nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("changed", Moment, nullable=False),
        sa.Column("last_seen", Moment, nullable=True),
        sa.Column("keeper", sa.String(4), nullable=False, server_default=""),
        sa.UniqueConstraint("issuer", "subject"),
    )  # fmt: skip
    op.create_table("grants",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person", sa.Integer, sa.ForeignKey("people.id"), nullable=False, index=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("area", sa.String(4), nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.Column("ended", Moment, nullable=True),
        sa.Column("given_by", sa.Integer, sa.ForeignKey("people.id"), nullable=True),
        sa.Column("ended_by", sa.Integer, sa.ForeignKey("people.id"), nullable=True),
        sa.Index("uq_grants_open", "person", "role", "area", unique=True,
                 sqlite_where=sa.text("ended IS NULL"), postgresql_where=sa.text("ended IS NULL")),
    )  # fmt: skip


def _entries() -> None:
    """Ways in."""
    op.create_table("sessions",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("person", sa.Integer, sa.ForeignKey("people.id"), nullable=False, index=True),
        sa.Column("via", sa.String(10), nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("last_seen", Moment, nullable=False),
        sa.Column("ends", Moment, nullable=False),
        sa.Column("ended", Moment, nullable=True),
    )  # fmt: skip
    op.create_table("tokens",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person", sa.Integer, sa.ForeignKey("people.id"), nullable=False, index=True),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("prefix", sa.String(12), nullable=False, unique=True),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
        sa.Column("scopes", sa.String(200), nullable=False),
        sa.Column("area", sa.String(4), nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("created_by", sa.Integer, sa.ForeignKey("people.id"), nullable=True),
        sa.Column("expires", Moment, nullable=False),
        sa.Column("revoked", Moment, nullable=True),
        sa.Column("last_used", Moment, nullable=True),
    )  # fmt: skip
    op.create_table("attempts",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("first", Moment, nullable=False),
        sa.Column("last", Moment, nullable=False),
        sa.Column("until", Moment, nullable=True),
    )  # fmt: skip
    op.create_table("flows",
        sa.Column("state", sa.String(64), primary_key=True),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("verifier", sa.String(128), nullable=False),
        sa.Column("onward", sa.String(2000), nullable=False),
        sa.Column("until", Moment, nullable=False),
    )  # fmt: skip


def _work() -> None:
    """What is under way, and numbers."""
    op.create_table("once",
        sa.Column("person", sa.Integer, sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("key", sa.String(80), primary_key=True),
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer, nullable=True),
        sa.Column("media", sa.String(100), nullable=True),
        sa.Column("body", sa.Text, nullable=True),
        sa.Column("at", Moment, nullable=False, index=True),
    )  # fmt: skip
    op.create_table("drafts",
        sa.Column("person", sa.Integer, sa.ForeignKey("people.id"), primary_key=True),
        sa.Column("path", sa.String(300), primary_key=True),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
    )  # fmt: skip
    op.create_table("counters",
        sa.Column("name", sa.String(1), primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )  # fmt: skip


def _log() -> None:
    """The log; its head is written by `serving.store.schema.upgrade`."""
    op.create_table("audit",
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("person", sa.Integer, nullable=True),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("roles", sa.String(120), nullable=False),
        sa.Column("via", sa.String(10), nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("result", sa.String(10), nullable=False),
        sa.Column("object", sa.String(80), nullable=False),
        sa.Column("households", sa.Text, nullable=False),
        sa.Column("province", sa.String(2), nullable=True),
        sa.Column("regency", sa.String(4), nullable=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("detail", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Index("ix_audit_person_n", "person", "n"),
        sa.Index("ix_audit_object_n", "object", "n"),
    )  # fmt: skip
    op.create_table("audit_heads",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("last", sa.String(64), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
    )  # fmt: skip


def _lists() -> None:
    """Lists."""
    op.create_table("lists",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.String(12), nullable=True),
        sa.Column("version", sa.Integer, nullable=True),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("quarter", sa.String(6), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("province", sa.String(2), nullable=True),
        sa.Column("regency", sa.String(4), nullable=True),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("result", sa.JSON, nullable=False),
        sa.Column("run", sa.String(40), nullable=False),
        sa.Column("bundle", sa.String(12), nullable=False),
        sa.Column("cut", sa.Float, nullable=True),
        sa.Column("budget", sa.BigInteger, nullable=True),
        sa.Column("synthetic", sa.Boolean, nullable=False),
        sa.Column("made_by", sa.Integer, sa.ForeignKey("people.id"), nullable=False, index=True),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.Column("replaces", sa.Integer, sa.ForeignKey("lists.id"), nullable=True),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("confirmed_by", sa.Integer, sa.ForeignKey("people.id"), nullable=True),
        sa.Column("confirmed_at", Moment, nullable=True),
        sa.Column("hash", sa.String(64), nullable=True),
        sa.UniqueConstraint("number", "version"),
        sa.CheckConstraint("status IN ('draft', 'confirmed')", name="status"),
        sa.CheckConstraint("(status = 'confirmed') = (number IS NOT NULL AND version IS NOT NULL "
                           "AND confirmed_by IS NOT NULL AND confirmed_at IS NOT NULL AND hash IS NOT NULL)",
                           name="confirmed"),
        sa.Index("ix_lists_quarter_province_regency", "quarter", "province", "regency"),
    )  # fmt: skip


def _parts() -> None:
    """What lists consist of."""
    op.create_table("list_places",
        sa.Column("list", sa.Integer, sa.ForeignKey("lists.id"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("household", sa.String(12), nullable=False, index=True),
        sa.Column("province", sa.String(2), nullable=True),
        sa.Column("regency", sa.String(4), nullable=True),
        sa.Column("subdistrict", sa.String(7), nullable=True),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("how", sa.String(20), nullable=False),
        sa.Column("why", sa.String(80), nullable=False),
        sa.Column("risk", sa.Float, nullable=True),
        sa.Column("low", sa.Float, nullable=True),
        sa.Column("high", sa.Float, nullable=True),
        sa.Column("need", sa.Float, nullable=True),
        sa.Column("kind", sa.String(20), nullable=True),
        sa.Column("probability", sa.Float, nullable=True),
        sa.Column("verify", sa.Boolean, nullable=False),
        sa.Column("amount", sa.BigInteger, nullable=True),
        sa.UniqueConstraint("list", "scheme", "household"),
        sa.CheckConstraint("probability IS NULL OR (probability > 0 AND probability <= 1)", name="probability"),
        sa.Index("ix_list_places_list_regency", "list", "regency"),
    )  # fmt: skip
    op.create_table("list_outside",
        sa.Column("list", sa.Integer, sa.ForeignKey("lists.id"), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("household", sa.String(12), nullable=False),
        sa.Column("province", sa.String(2), nullable=True),
        sa.Column("regency", sa.String(4), nullable=True),
        sa.Column("scheme", sa.String(40), nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("risk", sa.Float, nullable=True),
        sa.Column("low", sa.Float, nullable=True),
        sa.Column("high", sa.Float, nullable=True),
    )  # fmt: skip


def _visits() -> None:
    """Visits."""
    op.create_table("visits",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("household", sa.String(12), nullable=False, index=True),
        sa.Column("province", sa.String(2), nullable=True),
        sa.Column("regency", sa.String(4), nullable=True),
        sa.Column("subdistrict", sa.String(7), nullable=True),
        sa.Column("list", sa.Integer, sa.ForeignKey("lists.id"), nullable=True, index=True),
        sa.Column("place", sa.Integer, nullable=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("probability", sa.Float, nullable=True),
        sa.Column("planned_on", sa.Date, nullable=True),
        sa.Column("due", sa.Date, nullable=True),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("result", sa.String(10), nullable=True),
        sa.Column("wrong", sa.JSON, nullable=True),
        sa.Column("moved_to", sa.String(4), nullable=True),
        sa.Column("intervention", sa.String(80), nullable=True),
        sa.Column("visited", sa.Date, nullable=True),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("recorded_by", sa.Integer, sa.ForeignKey("people.id"), nullable=True, index=True),
        sa.Column("recorded_at", Moment, nullable=True),
        sa.Column("known_at", sa.Date, nullable=True),
        sa.Column("corrects", sa.Integer, sa.ForeignKey("visits.id"), nullable=True, unique=True),
        sa.Column("answered_by", sa.Integer, nullable=True),
        sa.Column("closed_by", sa.Integer, sa.ForeignKey("people.id"), nullable=True),
        sa.Column("closed_at", Moment, nullable=True),
        sa.Index("uq_visits_first", "list", "place", unique=True,
                 sqlite_where=sa.text("corrects IS NULL"), postgresql_where=sa.text("corrects IS NULL")),
        sa.CheckConstraint("status IN ('planned', 'done', 'closed')", name="status"),
        sa.CheckConstraint("(status = 'planned') = (result IS NULL)", name="result"),
        sa.Index("ix_visits_standing", "status", "answered_by", "regency", "due"),
    )  # fmt: skip


def _objections() -> None:
    """Objections."""
    op.create_table("objections",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.String(12), nullable=False, unique=True),
        sa.Column("household", sa.String(12), nullable=False, index=True),
        sa.Column("province", sa.String(2), nullable=True),
        sa.Column("regency", sa.String(4), nullable=True),
        sa.Column("list", sa.Integer, sa.ForeignKey("lists.id"), nullable=True, index=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("asker", sa.String(20), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("contested", sa.JSON, nullable=True),
        sa.Column("evidence", sa.JSON, nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("deadline", sa.Date, nullable=False),
        sa.Column("opened_by", sa.Integer, sa.ForeignKey("people.id"), nullable=False, index=True),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("outcome", sa.String(10), nullable=True),
        sa.Column("reason", sa.String(500), nullable=True),
        sa.Column("decided_by", sa.Integer, sa.ForeignKey("people.id"), nullable=True),
        sa.Column("decided_at", Moment, nullable=True),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.CheckConstraint("(outcome IS NULL) = (decided_by IS NULL)", name="decided"),
        sa.Index("ix_objections_regency_deadline", "regency", "deadline"),
    )  # fmt: skip
    op.create_table("objection_events",
        sa.Column("objection", sa.Integer, sa.ForeignKey("objections.id"), primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True),
        sa.Column("stage", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("person", sa.Integer, sa.ForeignKey("people.id"), nullable=False),
        sa.Column("at", Moment, nullable=False),
    )  # fmt: skip


def _scenarios() -> None:
    """Scenarios."""
    op.create_table("scenarios",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("number", sa.String(12), nullable=False, unique=True),
        sa.Column("province", sa.String(2), nullable=True),
        sa.Column("regency", sa.String(4), nullable=True),
        sa.Column("title", sa.JSON, nullable=False),
        sa.Column("question", sa.JSON, nullable=False),
        sa.Column("asked", sa.JSON, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("seed", sa.Integer, nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("until", Moment, nullable=True),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("families", sa.String(80), nullable=False),
        sa.Column("bundle", sa.String(40), nullable=False),
        sa.Column("synthetic", sa.Boolean, nullable=True),
        sa.Column("result", sa.JSON, nullable=True),
        sa.Column("paired", sa.JSON, nullable=True),
        sa.Column("made_by", sa.Integer, sa.ForeignKey("people.id"), nullable=False, index=True),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("ended_at", Moment, nullable=True),
        sa.CheckConstraint("status IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name="status"),
        sa.CheckConstraint("(status = 'done') = (result IS NOT NULL AND paired IS NOT NULL AND synthetic IS NOT NULL)",
                        name="done"),
        sa.Index("ix_scenarios_status", "status"),
    )  # fmt: skip


def _guards() -> None:
    """The log, confirmed lists and their parts are not changed; PostgreSQL replaces no row without its triggers."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(_POSTGRES)
        return
    for name, act, table, when, told in _SQLITE:
        op.execute(f"CREATE TRIGGER guard_{name} BEFORE {act} ON {table} WHEN {when} "
                   f"BEGIN SELECT RAISE(ABORT, '{told}'); END")  # fmt: skip
