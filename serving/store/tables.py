"""The tables of people, sessions and the audit log; those of lists, visits and objections are in `tables_cases`.

Households appear by their keyed code alone; no table has room for a name or number of a family.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from serving.store.types import Moment

metadata = MetaData(naming_convention={
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
})  # fmt: skip


def by(name: str, *, null: bool = False, index: bool = False) -> Column[int]:
    """A column that names one of `people`."""
    return Column(name, ForeignKey("people.id"), nullable=null, index=index)


people = Table(
    "people", metadata,
    Column("id", Integer, primary_key=True),
    Column("account", String(64), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("language", String(2), nullable=False),
    Column("password", Text, nullable=True),  # argon2id; none for who signs in elsewhere or only holds tokens
    Column("must_change", Boolean, nullable=False),
    Column("issuer", String(300), nullable=True),
    Column("subject", String(255), nullable=True),
    Column("locked", Boolean, nullable=False),
    Column("created", Moment, nullable=False),
    Column("changed", Moment, nullable=False),  # password or rights; sessions begun before rights changed are rotated
    Column("last_seen", Moment, nullable=True),
    Column("keeper", String(4), nullable=False, server_default=""),  # area of who said how they sign in
    UniqueConstraint("issuer", "subject"),
)  # fmt: skip

grants = Table(
    "grants", metadata,
    Column("id", Integer, primary_key=True),
    by("person", index=True),
    Column("role", String(20), nullable=False),
    Column("area", String(4), nullable=False),
    Column("since", Moment, nullable=False),
    Column("ended", Moment, nullable=True),
    by("given_by", null=True),
    by("ended_by", null=True),
    Index("uq_grants_open", "person", "role", "area", unique=True,
          sqlite_where=text("ended IS NULL"), postgresql_where=text("ended IS NULL")),
)  # fmt: skip

sessions = Table(
    "sessions", metadata,
    Column("id", String(64), primary_key=True),  # SHA-256 of what the cookie holds
    by("person", index=True),
    Column("via", String(10), nullable=False),
    Column("created", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("ends", Moment, nullable=False),
    Column("ended", Moment, nullable=True),
)  # fmt: skip

tokens = Table(
    "tokens", metadata,
    Column("id", Integer, primary_key=True),
    by("person", index=True),
    Column("label", String(120), nullable=False),
    Column("prefix", String(12), nullable=False, unique=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("scopes", String(200), nullable=False),
    Column("area", String(4), nullable=False),
    Column("created", Moment, nullable=False),
    by("created_by", null=True),
    Column("expires", Moment, nullable=False),
    Column("revoked", Moment, nullable=True),
    Column("last_used", Moment, nullable=True),
)  # fmt: skip

attempts = Table(
    "attempts", metadata,
    Column("key", String(64), primary_key=True),  # keyed hash of an account or a network address
    Column("failures", Integer, nullable=False),
    Column("first", Moment, nullable=False),
    Column("last", Moment, nullable=False),
    Column("until", Moment, nullable=True),
)  # fmt: skip

flows = Table(
    "flows", metadata,
    Column("state", String(64), primary_key=True),  # SHA-256 of a sign-in under way at the provider
    Column("nonce", String(64), nullable=False),
    Column("verifier", String(128), nullable=False),
    Column("onward", String(2000), nullable=False),
    Column("until", Moment, nullable=False),
)  # fmt: skip

once = Table(
    "once", metadata,
    Column("person", ForeignKey("people.id"), primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("request", String(64), nullable=False),  # SHA-256 of what was asked
    Column("status", Integer, nullable=True),  # none while the first is at work
    Column("media", String(100), nullable=True),
    Column("body", Text, nullable=True),
    Column("at", Moment, nullable=False, index=True),
)  # fmt: skip

drafts = Table(
    "drafts", metadata,
    Column("person", ForeignKey("people.id"), primary_key=True),
    Column("path", String(300), primary_key=True),
    Column("answers", JSON, nullable=False),
    Column("created", Moment, nullable=False),
    Column("until", Moment, nullable=False),
)  # fmt: skip

counters = Table(
    "counters", metadata,
    Column("name", String(1), primary_key=True),  # D lists, S objections, K scenarios
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)  # fmt: skip

audit = Table(
    "audit", metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("person", Integer, nullable=True),  # no foreign key: the log stands alone
    Column("account", String(64), nullable=False),
    Column("roles", String(120), nullable=False),
    Column("via", String(10), nullable=False),
    Column("act", String(40), nullable=False),
    Column("result", String(10), nullable=False),
    Column("object", String(80), nullable=False),
    Column("households", Text, nullable=False),
    Column("province", String(2), nullable=True),
    Column("regency", String(4), nullable=True),
    Column("count", Integer, nullable=False),
    Column("detail", String(64), nullable=False),  # SHA-256 of the details, which are not kept
    Column("hash", String(64), nullable=False),
    Index("ix_audit_person_n", "person", "n"),
    Index("ix_audit_object_n", "object", "n"),
)  # fmt: skip

audit_heads = Table(
    "audit_heads", metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # 1, the only one; writers lock it
    Column("count", Integer, nullable=False),
    Column("last", String(64), nullable=False),
    Column("seal", String(64), nullable=False),
)  # fmt: skip
