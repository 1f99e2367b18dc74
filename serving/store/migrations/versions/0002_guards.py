"""What must stay as it is: audit rows, confirmed lists and their places are refused by the database itself."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

_AUDIT = "jaga: an audit row is never changed"
_LIST = "jaga: a confirmed list is never changed"
_OLD = "(SELECT status FROM lists WHERE id = OLD.list) = 'confirmed'"
_NEW = "(SELECT status FROM lists WHERE id = NEW.list) = 'confirmed'"
_SQLITE = (
    ("audit", "UPDATE", "TRUE", _AUDIT),
    ("audit", "DELETE", "TRUE", _AUDIT),
    ("lists", "UPDATE", "OLD.status = 'confirmed'", _LIST),
    ("lists", "DELETE", "OLD.status = 'confirmed'", _LIST),
    ("list_places", "INSERT", _NEW, _LIST),
    ("list_places", "UPDATE", f"{_OLD} OR {_NEW}", _LIST),
    ("list_places", "DELETE", _OLD, _LIST),
)
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
"""  # noqa: S608 - our own words


def upgrade() -> None:
    """Put the triggers in place."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(_POSTGRES)
        return
    for table, act, when, told in _SQLITE:
        op.execute(f"CREATE TRIGGER guard_{table}_{act.lower()} BEFORE {act} ON {table} WHEN {when} "
                   f"BEGIN SELECT RAISE(ABORT, '{told}'); END")  # fmt: skip
