"""Why a database cannot be used, in Bahasa Indonesia and English: drivers and servers say it in English alone."""

from __future__ import annotations

import re
import sqlite3

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

Words = tuple[str, str]
"""Bahasa Indonesia, English."""

PORT = 5432
_SQLITE: dict[int, Words] = {
    sqlite3.SQLITE_CANTOPEN: ("berkasnya tidak dapat dibuka", "its file cannot be opened"),
    sqlite3.SQLITE_READONLY: ("berkasnya tidak boleh ditulisi oleh akun ini", "this account may not write its file"),
    sqlite3.SQLITE_PERM: ("berkasnya tidak boleh dibuka oleh akun ini", "this account may not open its file"),
    sqlite3.SQLITE_IOERR: ("penyimpanan tempat berkasnya gagal membaca atau menulis",
                           "the storage of its file failed to read or write"),
    sqlite3.SQLITE_NOTADB: ("berkas itu bukan database SQLite", "that file is no SQLite database"),
    sqlite3.SQLITE_CORRUPT: ("berkasnya rusak", "its file is damaged"),
    sqlite3.SQLITE_BUSY: ("berkasnya sedang dikunci proses lain", "another process holds its file locked"),
    sqlite3.SQLITE_LOCKED: ("berkasnya sedang dikunci proses lain", "another process holds its file locked"),
}  # fmt: skip
_SERVER: tuple[tuple[str, Words], ...] = (
    (r"connection refused", ("server di {at} menolak sambungan; tidak ada PostgreSQL yang berjalan di sana",
                             "the server at {at} refused the connection; no PostgreSQL runs there")),
    (r"timeout expired|timed out", ("server di {at} tidak menjawab pada waktunya",
                                    "the server at {at} did not answer in time")),
    (r"could not translate host|failed to resolve host|name or service not known|getaddrinfo",
     ("nama server di {at} tidak dikenal", "the name of the server at {at} is not known")),
    (r"no route to host|network is unreachable", ("server di {at} tidak terjangkau lewat jaringan",
                                                  "the network does not reach the server at {at}")),
    (r"authentication failed|no password supplied", ("server di {at} tidak menerima akun atau kata sandinya",
                                                     "the server at {at} takes no such account or password")),
    (r'database ".*" does not exist', ("di server {at} tidak ada database dengan nama itu",
                                       "the server at {at} has no database of that name")),
    (r'role ".*" does not exist', ("di server {at} tidak ada akun database itu",
                                   "the server at {at} has no such database account")),
    (r"no such file or directory", ("tidak ada PostgreSQL yang berjalan di {at}", "no PostgreSQL runs at {at}")),
    (r"read-only transaction", ("server di {at} hanya dapat dibaca", "the server at {at} can be read only")),
    (r"starting up", ("server di {at} baru dinyalakan", "the server at {at} is starting up")),
    (r"shutting down|terminating connection|server closed the connection",
     ("server di {at} dimatikan atau memutus sambungan", "the server at {at} was stopped or closed the connection")),
)  # fmt: skip


def why(error: DBAPIError, url: URL) -> Words:
    """Why, of a database at a URL; what else a driver or server says stands in quotes as its words, no password in it.

    A server is named by host and port.
    """
    said = str(error.orig).strip().partition("\n")[0]
    if url.get_backend_name() == "sqlite":
        own = _SQLITE.get(getattr(error.orig, "sqlite_errorcode", 0) & 0xFF)
        return own or _quoted(said, ("berkasnya tidak dapat dipakai", "its file cannot be used"))
    host, port = (url.query.get(name, "") for name in ("host", "port"))
    host = url.host or (host if isinstance(host, str) else host[0]) or "localhost"
    at = f"{host}:{url.port or (port if isinstance(port, str) else port[0]) or PORT}"
    for secret in (url.password, url.query.get("password")):
        if isinstance(secret, str) and secret:
            said = said.replace(secret, "***")
    found = next((own for pattern, own in _SERVER if re.search(pattern, said, re.IGNORECASE)), None)
    words = found or _quoted(said, ("server di {at} tidak dapat dipakai", "the server at {at} cannot be used"))
    return words[0].replace("{at}", at), words[1].replace("{at}", at)


def _quoted(said: str, words: Words) -> Words:
    said = re.sub(r"^connection failed: connection to .* failed: ", "", said)
    return f'{words[0]}; katanya: "{said}"', f'{words[1]}; it says: "{said}"'
