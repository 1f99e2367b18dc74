"""The page of the API documentation, from files that ship with the product: nothing comes from elsewhere."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.responses import HTMLResponse

DOCS = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Jaga API</title>
<link rel="icon" href="/static/icon.svg">
<link rel="stylesheet" href="/static/vendor/swagger-ui-dist/swagger-ui.css">
<main id="docs"></main>
<noscript>The documentation needs JavaScript; its data are in /openapi.json.</noscript>
<script src="/static/vendor/swagger-ui-dist/swagger-ui-bundle.js"></script>
<script src="/static/docs.js"></script>
"""


def add(app: FastAPI) -> None:
    """Add the page; its files are those of `serving.console.assets`."""

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(DOCS)
