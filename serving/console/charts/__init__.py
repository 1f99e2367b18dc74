"""Pictures that are drawn for each request: numbers in, SVG out.

No style attribute, no script, no link inside a picture; colours come from classes of `app.css`. Every picture has a
title and a description that say what it shows, and the page has the same figures as text or table beside it.
"""
