"""Rules of the data contract, told in the caller's language."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from types import ModuleType

import pytest

from features import cells, contract, links, values
from serving import quarantine_rules


def texts(module: ModuleType) -> Iterator[str]:
    """Texts of the refusals in a module's source, `7` for each figure."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        found: list[ast.expr] = []
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            found = node.args[2:3] if name == "add" else node.args[:1] if name == "RefusedError" else []
        for own in found:
            if isinstance(own, ast.Constant) and isinstance(own.value, str):
                yield own.value
            elif isinstance(own, ast.JoinedStr):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in own.values)


def wrongs() -> Iterator[str]:
    """Texts that are put behind a number, of every number of the contract."""
    for table in (getattr(contract, name) for name in dir(contract)):
        for rule in table.fields if isinstance(table, contract.Table) else ():
            if rule.kind in ("number", "count", "flag"):
                ends = [end for end in (rule.low, rule.high) if end is not None]
                for value in (float("inf"), 0.5, -1e30, 1e30, *(end - 1 for end in ends), *(end + 1 for end in ends),
                              *rule.refuse):  # fmt: skip
                    if told := values._wrong(rule, value):
                        yield f"7 {told}"


RULES = sorted({*(own for module in (cells, links, values) for own in texts(module) if own not in ("7 7", "7")),
                *wrongs(), links.NOT_HERE, values.NIK, cells._EMPTY, "7 is not a number", "7 is not true or false"}
               - {"7 is not 7"})  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_words_in_bahasa_indonesia(rule: str) -> None:
    told = quarantine_rules.told(rule, "id")
    assert told != rule
    assert not re.search(r"\b(is|the|not|has|a|below|above|years|hours|rooms|households)\b", told), told
    assert quarantine_rules.told(rule, "en") == rule


def test_every_unit_of_the_contract_has_words_and_no_other() -> None:
    tables = [own for name in dir(contract) if isinstance(own := getattr(contract, name), contract.Table)]
    units = {rule.unit for table in tables for rule in table.fields} - {""}
    assert set(quarantine_rules._UNITS) == units
    heads = {rule.name for table in tables for rule in table.fields if rule.unit == "head"}
    assert heads == {"cattle", "buffalo", "horse", "pig", "goat"}, "of animals; people would be `orang`"
    for unit in sorted(units):
        assert quarantine_rules.told(f"9 is above 5 {unit}", "id") == f"9 di atas 5 {quarantine_rules._UNITS[unit]}"
        assert quarantine_rules.told(f"9 is above 5 {unit}", "en") == f"9 is above 5 {unit}"


def test_figures_stay_and_what_has_no_words_is_told_as_it_is() -> None:
    assert len(RULES) > 30
    assert quarantine_rules.told("99 is above 10 decile", "id") == "99 di atas 10 desil"
    assert quarantine_rules.told("'x' is not one of a, b", "id") == "'x' bukan salah satu dari a, b"
    assert quarantine_rules.told("something new", "id") == "something new"
