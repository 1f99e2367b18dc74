"""What a service without people needs before anybody can sign in: the line to type, or demo accounts."""

from __future__ import annotations

import getpass
import os
import sys

from features.home import home
from serving.access import accounts
from serving.access.rights import Grant, Role
from serving.audit import trail
from serving.problems import Problem
from serving.store import people, schema
from serving.store.engine import Store, open_store
from serving.terminal import told

ADMINISTRATOR, OFFICER = "admin", "petugas"
GIVEN = "Token of"
"""How the line begins in which a token stands."""
FILE = "first-passwords.txt"
"""In the folder of the database: the passwords, where no terminal shows them but a log would keep them."""


def greet() -> list[str]:
    """Lines for standard output; empty where somebody can sign in. Passwords stand in them this once and nowhere else;
    where the output is no terminal, and so kept, they are in a file instead (`FILE`, mode 600), which the lines name.

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
        made = _make(store)
        return made if sys.stdout.isatty() else _hidden(made)
    except Problem as problem:
        if problem.code == "first_taken":  # by another process that starts beside this one
            return []
        return [f"Nobody new can sign in: {told(problem)}. Scores are answered to who was seen before."]
    finally:
        store.close()


def _hidden(lines: list[str]) -> list[str]:
    path = home() / "store" / FILE
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    with open(path, "x", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write("\n".join(lines) + "\n")
    return [f"Accounts for the synthetic families were made; their passwords are in {path}, for you alone. Delete it "
            "once they are changed."]  # fmt: skip


def _made_up() -> bool:
    from serving.scores import publishing
    from serving.scores.scores import open_run

    name = publishing.current(home() / "scores")
    if name is None:
        return False
    with open_run(home() / "scores", name) as scores:
        return scores.synthetic


def _make(store: Store) -> list[str]:
    by = trail.terminal(getpass.getuser())
    _, first = accounts.first(store, by, ADMINISTRATOR, "Administrator demo", None)
    _, second = accounts.add(store, by, OFFICER, "Petugas demo")
    roles: tuple[Role, ...] = ("officer", "verifier", "analyst")
    for role in roles:
        accounts.grant(store, by, OFFICER, Grant(role, ""))
    _, secret = accounts.make_token(store, by, OFFICER, "demo", ["score", "households.read", "lists.read"], days=30)
    return ["Accounts for the synthetic families, shown this once; each password is changed at the first sign-in:",
            f"  {ADMINISTRATOR:<8} {first}", f"  {OFFICER:<8} {second}",
            f"{GIVEN} {OFFICER} for the API, for 30 days: {secret}"]  # fmt: skip
