"""How an OpenID provider is set up: the variables `JAGA_OIDC_...`, or `oidc.toml` in the configuration folder."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from features import plain_toml
from features.commands import UserError
from features.home import configuration
from serving.access.rights import ROLES

LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Settings:
    """An OpenID provider.

    issuer, client, secret : as registered there; without a secret the client is public and PKCE alone protects it.
    people : `registered`, an administrator adds everybody beforehand with the provider's subject, or, where `account`
        names a claim that the provider vouches for, with that account; `claims`, rights come from claims.
    role_claim, area_claim : lists of words; roles maps the provider's words to ours. Never to `administrator`.
    algorithms : signatures that are accepted; never `none`, never one with a shared secret.
    """

    issuer: str
    client: str
    secret: str = ""
    scopes: str = "openid profile"
    people: Literal["registered", "claims"] = "registered"
    account: str = ""
    name: str = "name"
    role_claim: str = "jaga_roles"
    area_claim: str = "jaga_areas"
    roles: Mapping[str, str] = field(default_factory=dict)
    algorithms: tuple[str, ...] = ("RS256", "PS256", "ES256")

    def __repr__(self) -> str:
        return f"Settings({self.issuer})"


def settings() -> Settings | None:
    """The provider of this installation, None where accounts are its own.

    Raises
    ------
    UserError : a setting that cannot be used, by its name; a file with a secret that others can read.
    """
    path = configuration() / "oidc.toml"
    found: dict[str, Any] = {}
    if path.exists():
        if path.stat().st_mode & 0o077:
            raise UserError(f"{path} can be read by others; set its mode to 600 (chmod 600 {path})")
        try:
            found = plain_toml.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UserError(f"{path.name}: {error}") from None
    for name in ("issuer", "client", "secret", "scopes", "people", "account", "role_claim", "area_claim"):
        if value := os.environ.get(f"JAGA_OIDC_{name.upper()}"):
            found[name] = value
    return _checked(found, path) if found else None


def _checked(found: dict[str, Any], path: Path) -> Settings:
    where = f"{path.name} or JAGA_OIDC_..."
    unknown = found.keys() - {own.name for own in fields(Settings)}
    if unknown:
        raise UserError(f"{where}: {', '.join(sorted(unknown))} is not known")
    if not found.get("issuer") or not found.get("client"):
        raise UserError(f"{where}: issuer and client are needed")
    for name, value in found.items():
        wanted = {"roles": dict, "algorithms": list}.get(name, str)
        if not isinstance(value, wanted):
            raise UserError(f"{where}: {name} must be a {wanted.__name__}")
    if "algorithms" in found:
        found["algorithms"] = tuple(found["algorithms"])
    own = Settings(**found)
    if not safe(own.issuer):
        raise UserError(f"{where}: issuer must begin with https://")
    if own.people not in ("registered", "claims"):
        raise UserError(f"{where}: people must be registered or claims")
    if own.people == "claims" and not own.account:
        raise UserError(f"{where}: account must name the claim with the account where people come from claims")
    if own.account == "email":  # no account has an @, and whoever writes an address at the provider need not own it
        raise UserError(f"{where}: account must name a claim with accounts as here, such as preferred_username; "
                        "addresses of e-mail are none")  # fmt: skip
    if any(role not in ROLES[:-1] for role in own.roles.values()):
        raise UserError(f"{where}: roles must map to {', '.join(ROLES[:-1])}; administrators are made by jaga people")
    if not own.algorithms or any(not isinstance(name, str) or (name[:2] not in ("RS", "PS", "ES") and name != "EdDSA")
                                 for name in own.algorithms):  # fmt: skip
        raise UserError(f"{where}: algorithms must be of RS, PS, ES or EdDSA")
    if "openid" not in own.scopes.split():
        raise UserError(f"{where}: scopes must hold openid")
    return own


def safe(url: str) -> bool:
    """Whether an address is encrypted, or of this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:  # of a bracket that is not closed
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
