"""Pages load nothing from elsewhere: their files are ours or vendored as the lock names them."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from serving.pages import DOCS
from tests.conftest import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser

VENDOR = ROOT / "serving" / "static" / "vendor"


def test_vendored_files_are_those_that_were_listed() -> None:
    packages = json.loads((VENDOR / "vendor.json").read_text())["packages"]
    listed = {f"{package['name']}/{file}": sha for package in packages for file, sha in package["sha256"].items()}
    there = {str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
             for path in VENDOR.rglob("*") if path.is_file() and path.name != "vendor.json"}  # fmt: skip
    assert there == listed


def test_vendored_packages_are_those_of_the_lock_and_bring_their_licence() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert all("resolved" not in package for package in lock.values())
    for package in json.loads((VENDOR / "vendor.json").read_text())["packages"]:
        locked = lock[f"node_modules/{package['name']}"]
        assert (package["version"], package["licence"]) == (locked["version"], locked["license"])
        assert "LICENSE" in package["sha256"]


def test_the_page_names_only_own_files_and_holds_no_script(client: httpx.Client) -> None:
    assert "://" not in DOCS
    assert re.findall(r"<script(?![^>]*\bsrc=)", DOCS) == []
    for address in re.findall(r'(?:src|href)="([^"]+)"', DOCS):
        assert client.get(address).status_code == 200
    assert client.get("/").headers["location"] == "/ikhtisar"


@pytest.mark.browser
def test_the_documentation_renders_and_tries_out_with_nothing_blocked(browser: Browser, live: Any) -> None:
    from playwright.sync_api import expect

    page = browser.new_page(extra_http_headers=live.headers)
    trouble: list[str] = []
    outside: list[str] = []
    page.on("console", lambda message: trouble.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith((live.url, "data:", "blob:"))
            else outside.append(request.url))  # fmt: skip
    page.goto(f"{live.url}/docs")
    page.get_by_text("Score one household or up to 1,000").click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table").first).to_contain_text('"scored": 1')
    assert page.url == f"{live.url}/docs#/scores/score"
    assert (trouble, outside) == ([], [])
    page.close()
