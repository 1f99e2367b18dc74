"""The words on each sheet of a PDF as Chromium prints it, enough to tell what stands where."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.S)


def texts(pdf: bytes) -> list[str]:
    """The text of each sheet, without blanks: letters are drawn one by one, and blanks are mostly room."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    fonts = {number: _letters(_stream(objects[int(own[1])])) for number, body in objects.items()
             if (own := re.search(rb"/ToUnicode (\d+) 0 R", body))}  # fmt: skip
    found = []
    for body in (own for own in objects.values() if re.search(rb"/Type\s*/Page\b", own)):
        names = {name: fonts.get(int(font), {}) for name, font in re.findall(rb"/(F\d+) (\d+) 0 R", body)}
        contents = re.search(rb"/Contents (\d+) 0 R", body)
        assert contents is not None
        letters, words = dict[int, str](), ""
        for font, drawn in re.findall(rb"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>", _stream(objects[int(contents[1])])):
            letters = names[font] if font else letters
            words += "".join(letters.get(int(drawn[at : at + 4], 16), "") for at in range(0, len(drawn), 4))
        found.append("".join(words.split()))
    return found


def _stream(body: bytes) -> bytes:
    return zlib.decompress(body.partition(b"stream\n")[2].rpartition(b"endstream")[0])


def _letters(table: bytes) -> dict[int, str]:
    """Letters of a font by the number under which they are drawn."""
    found = {}
    for block in re.findall(rb"beginbfchar\n(.*?)endbfchar", table, re.S):
        found |= {int(own, 16): _utf16(to) for own, to in re.findall(rb"<(\w+)> <(\w+)>", block)}
    for block in re.findall(rb"beginbfrange\n(.*?)endbfrange", table, re.S):
        for begin, end, to in re.findall(rb"<(\w+)> <(\w+)> <(\w+)>", block):
            low, code = int(begin, 16), int(to, 16)
            found |= {low + at: chr(code + at) for at in range(int(end, 16) - low + 1)}
    return found


def _utf16(hexed: bytes) -> str:
    return bytes.fromhex(hexed.decode()).decode("utf-16-be")
