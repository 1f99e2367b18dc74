"""What a service without people needs before anybody can sign in: the line to type, or demo accounts."""

from __future__ import annotations

import getpass

from features.home import home
from serving import accounts, audit
from serving.access import Grant, Role
from serving.problems import Problem
from serving.store import people, schema
from serving.store.engine import Store, open_store

ADMINISTRATOR, OFFICER = "admin", "petugas"
GIVEN = "Token of"
"""How the line begins in which a token stands."""


def greet() -> list[str]:
    """Lines for the terminal; empty where somebody can sign in. Passwords stand in them this once and nowhere else.

    Accounts are made only where all families that can be seen are made up: real ones are for people whom an
    administrator knows.
    """
    store = open_store()
    try:
        schema.prepare(store)
        with store.reading() as connection:
            if people.administrators(connection):
                return []
        if not _made_up():
            return ["Nobody can sign in yet. Type: jaga people add NAME --first --name 'Full name' --generate"]
        return _make(store)
    except Problem as problem:
        if problem.code == "first_taken":  # by another process that starts beside this one
            return []
        return [f"The database cannot be used: {problem.title('en')} Scores are answered to who was seen before."]
    finally:
        store.close()


def _made_up() -> bool:
    from serving import scores_publish
    from serving.scores import open_run

    name = scores_publish.current(home() / "scores")
    if name is None:
        return False
    with open_run(home() / "scores", name) as scores:
        return scores.synthetic


def _make(store: Store) -> list[str]:
    by = audit.terminal(getpass.getuser())
    _, first = accounts.first(store, by, ADMINISTRATOR, "Administrator demo", None)
    _, second = accounts.add(store, by, OFFICER, "Petugas demo")
    roles: tuple[Role, ...] = ("officer", "verifier", "analyst")
    for role in roles:
        accounts.grant(store, by, OFFICER, Grant(role, ""))
    _, secret = accounts.make_token(store, by, OFFICER, "demo", ["score", "households.read", "lists.read"], days=30)
    return ["Accounts for the synthetic families, shown this once; each password is changed at the first sign-in:",
            f"  {ADMINISTRATOR:<8} {first}", f"  {OFFICER:<8} {second}",
            f"{GIVEN} {OFFICER} for the API, for 30 days: {secret}"]  # fmt: skip
