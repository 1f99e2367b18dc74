"""The tables of lists, visits, objections and scenarios.

Every row about a household or a list carries the BPS codes of its province and regency, so that `access.Areas` can
limit every query.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from serving.store.tables import by, metadata
from serving.store.types import Moment


def _area() -> tuple[Column[str], Column[str]]:
    return Column("province", String(2), nullable=True), Column("regency", String(4), nullable=True)


lists = Table(
    "lists", metadata,
    Column("id", Integer, primary_key=True),
    Column("number", String(12), nullable=True),  # D-2026-0001, given when confirmed
    Column("version", Integer, nullable=True),
    Column("status", String(10), nullable=False),
    Column("quarter", String(6), nullable=False),
    Column("title", String(120), nullable=False),
    *_area(),  # the smallest area that holds all of it; both empty for the nation
    Column("settings", JSON, nullable=False),  # the rules it is drawn by, as models.targeting writes them
    Column("result", JSON, nullable=False),  # counts, marginal pair, money and expected errors, as shown
    Column("run", String(40), nullable=False),
    Column("bundle", String(12), nullable=False),
    Column("cut", Float, nullable=True),
    Column("budget", BigInteger, nullable=True),
    Column("synthetic", Boolean, nullable=False),
    by("made_by", index=True),
    Column("made_at", Moment, nullable=False),
    Column("changed", Integer, nullable=False),  # grows with every change of a draft
    Column("replaces", ForeignKey("lists.id"), nullable=True),
    Column("reason", String(500), nullable=False),
    by("confirmed_by", null=True),
    Column("confirmed_at", Moment, nullable=True),
    Column("hash", String(64), nullable=True),
    UniqueConstraint("number", "version"),
    CheckConstraint("status IN ('draft', 'confirmed')", name="status"),
    CheckConstraint("(status = 'confirmed') = (number IS NOT NULL AND version IS NOT NULL AND confirmed_by IS NOT NULL "
                    "AND confirmed_at IS NOT NULL AND hash IS NOT NULL)", name="confirmed"),
    Index("ix_lists_quarter_province_regency", "quarter", "province", "regency"),
)  # fmt: skip

list_places = Table(
    "list_places", metadata,
    Column("list", ForeignKey("lists.id"), primary_key=True),
    Column("place", Integer, primary_key=True),  # from 1, in the order of the list; reserves after the rest
    Column("household", String(12), nullable=False, index=True),
    *_area(),
    Column("subdistrict", String(7), nullable=True),
    Column("scheme", String(40), nullable=False),
    Column("how", String(20), nullable=False),
    Column("why", String(80), nullable=False),
    Column("risk", Float, nullable=True),
    Column("low", Float, nullable=True),
    Column("high", Float, nullable=True),
    Column("need", Float, nullable=True),
    Column("kind", String(20), nullable=True),
    Column("probability", Float, nullable=True),  # of being selected, given the rules: weights for learning
    Column("verify", Boolean, nullable=False),
    Column("amount", BigInteger, nullable=True),  # rupiah
    UniqueConstraint("list", "scheme", "household"),
    CheckConstraint("probability IS NULL OR (probability > 0 AND probability <= 1)", name="probability"),
    Index("ix_list_places_list_regency", "list", "regency"),
)  # fmt: skip

list_outside = Table(
    "list_outside", metadata,
    Column("list", ForeignKey("lists.id"), primary_key=True),
    Column("n", Integer, primary_key=True),  # from 1, by rank
    Column("household", String(12), nullable=False),
    *_area(),
    Column("scheme", String(40), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("risk", Float, nullable=True),
    Column("low", Float, nullable=True),
    Column("high", Float, nullable=True),
)  # fmt: skip
"""Households on neither a list nor its reserve that stood next to its cut when it was drawn."""

visits = Table(
    "visits", metadata,
    Column("id", Integer, primary_key=True),
    Column("household", String(12), nullable=False, index=True),
    *_area(),
    Column("subdistrict", String(7), nullable=True),
    Column("list", ForeignKey("lists.id"), nullable=True, index=True),
    Column("place", Integer, nullable=True),
    Column("channel", String(20), nullable=False),
    Column("probability", Float, nullable=True),
    Column("planned_on", Date, nullable=True),  # day of the list that planned it
    Column("due", Date, nullable=True),
    Column("status", String(10), nullable=False),
    Column("result", String(10), nullable=True),
    Column("wrong", JSON, nullable=True),  # fact to right value
    Column("moved_to", String(4), nullable=True),
    Column("intervention", String(80), nullable=True),  # help begun since the score: it censors the label
    Column("visited", Date, nullable=True),
    Column("note", String(500), nullable=False),
    by("recorded_by", null=True, index=True),
    Column("recorded_at", Moment, nullable=True),
    Column("known_at", Date, nullable=True),
    Column("corrects", ForeignKey("visits.id"), nullable=True, unique=True),
    Column("answered_by", Integer, nullable=True),  # of a waiting visit, as serving.store.answers works it out
    by("closed_by", null=True),
    Column("closed_at", Moment, nullable=True),
    Index("uq_visits_first", "list", "place", unique=True,
          sqlite_where=text("corrects IS NULL"), postgresql_where=text("corrects IS NULL")),
    CheckConstraint("status IN ('planned', 'done', 'closed')", name="status"),
    CheckConstraint("(status = 'planned') = (result IS NULL)", name="result"),
    Index("ix_visits_standing", "status", "answered_by", "regency", "due"),
)  # fmt: skip

objections = Table(
    "objections", metadata,
    Column("id", Integer, primary_key=True),
    Column("number", String(12), nullable=False, unique=True),  # S-2026-0001
    Column("household", String(12), nullable=False, index=True),
    *_area(),
    Column("list", ForeignKey("lists.id"), nullable=True, index=True),
    Column("kind", String(20), nullable=False),
    Column("asker", String(20), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("facts", JSON, nullable=False),  # names of the contested features
    Column("contested", JSON(none_as_null=True), nullable=True),  # their values when it was lodged, and of which scores
    Column("evidence", JSON, nullable=False),  # kinds of papers seen; no copy is kept
    Column("note", String(500), nullable=False),
    Column("stage", String(20), nullable=False),
    Column("deadline", Date, nullable=False),
    by("opened_by", index=True),
    Column("opened_at", Moment, nullable=False),
    Column("outcome", String(10), nullable=True),
    Column("reason", String(500), nullable=True),
    by("decided_by", null=True),
    Column("decided_at", Moment, nullable=True),
    Column("changed", Integer, nullable=False),
    CheckConstraint("(outcome IS NULL) = (decided_by IS NULL)", name="decided"),
    Index("ix_objections_regency_deadline", "regency", "deadline"),
)  # fmt: skip

objection_events = Table(
    "objection_events", metadata,
    Column("objection", ForeignKey("objections.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("stage", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("note", Text, nullable=False),
    by("person"),
    Column("at", Moment, nullable=False),
)  # fmt: skip

scenarios = Table(
    "scenarios", metadata,
    Column("id", Integer, primary_key=True),
    Column("number", String(12), nullable=False, unique=True),  # K-2026-0001
    *_area(),  # whose families live it; both empty for the nation
    Column("title", JSON, nullable=False),  # both languages
    Column("question", JSON, nullable=False),
    Column("asked", JSON, nullable=False),  # the scenario as YAML holds it
    Column("sha256", String(64), nullable=False),
    Column("seed", Integer, nullable=False),
    Column("status", String(10), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("until", Moment, nullable=True),  # who lives it says again and again that it still does
    Column("reason", String(500), nullable=False),  # why it failed
    Column("families", String(80), nullable=False),  # name of what lived it: a run of scores, or synthetic families
    Column("bundle", String(40), nullable=False),
    Column("synthetic", Boolean, nullable=True),
    Column("result", JSON(none_as_null=True), nullable=True),
    Column("paired", JSON(none_as_null=True), nullable=True),  # of every draw, for differences to others
    by("made_by", index=True),
    Column("made_at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=True),
    CheckConstraint("status IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name="status"),
    CheckConstraint("(status = 'done') = (result IS NOT NULL AND paired IS NOT NULL AND synthetic IS NOT NULL)",
                    name="done"),
    Index("ix_scenarios_status", "status"),
)  # fmt: skip
