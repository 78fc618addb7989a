"""The DMN conformance kit's test files: cases read, run and compared as the kit does."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from loft.decisions.dmn.reader import read_dmn
from loft.decisions.dmn.xml import Element, parse
from loft.decisions.feel import temporal
from loft.decisions.feel.compare import equal
from loft.decisions.feel.values import Function, Range
from loft.decisions.model import Model
from loft.decisions.standard import Evaluator

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
NOW = datetime(2026, 1, 31, 8, 30, tzinfo=UTC)
NUMBERS = ("decimal", "double", "float", "integer", "int", "long", "short")


@dataclass(frozen=True)
class Expected:
    """One result of a case: of a decision, a decision service or a business knowledge model (``kind``)."""

    name: str
    kind: str
    value: Any
    error: bool


@dataclass(frozen=True)
class Case:
    id: str
    inputs: dict[str, Any]
    results: tuple[Expected, ...]
    invoked: str = ""


@dataclass(frozen=True)
class Suite:
    """A test file with the model it is about."""

    path: Path
    model: Path
    cases: tuple[Case, ...]

    def __str__(self) -> str:
        return self.path.stem


def suites(folder: Path) -> list[Suite]:
    """All suites below *folder*, in order."""
    found = []
    for path in sorted(folder.rglob("*.xml")):
        root = parse(path.read_bytes(), file=path.name).root
        if root.name == "testCases":
            found.append(Suite(path, path.parent / root.text_of("modelName"), tuple(_cases(root))))
    return found


def failures(suite: Suite, *, change: Callable[[Model], Model] = lambda model: model) -> list[str]:
    """What does not come out as the kit says, as sentences. *change* is done to the model first."""
    evaluator = Evaluator(change(read_dmn(suite.model, strict=False)), now=NOW)
    told = []
    for case in suite.cases:
        for expected in case.results:
            value = result(evaluator, case, expected)
            if not alike(value, expected.value):
                told.append(f"{suite}, case {case.id}, {expected.name}: {value!r} is not {expected.value!r}")
    return told


def result(evaluator: Evaluator, case: Case, expected: Expected) -> Any:
    """What comes out for one result of a case."""
    if expected.kind == "decisionService":
        value = evaluator.service(case.invoked or expected.name, case.inputs)
        several = case.invoked and isinstance(value, dict) and expected.name in value
        return value[expected.name] if several else value
    if expected.kind == "bkm":
        return evaluator.knowledge(case.invoked or expected.name, case.inputs)
    return evaluator.decision(expected.name, case.inputs)


def alike(value: Any, expected: Any) -> bool:
    """Whether a value is what the kit expects: numbers to eight digits, the rest exactly."""
    if isinstance(expected, dict) and isinstance(value, dict):
        return value.keys() == expected.keys() and all(alike(value[key], expected[key]) for key in expected)
    if isinstance(expected, list) and isinstance(value, list):
        return len(value) == len(expected) and all(map(alike, value, expected))
    if isinstance(expected, Decimal) and isinstance(value, Decimal):
        return abs(value - expected) <= Decimal("1e-8") * max(1, abs(expected))
    if isinstance(value, Function | Range):
        return False
    return equal(value, expected) is True


def _cases(root: Element) -> Iterator[Case]:
    for number, element in enumerate(root.all("testCase"), 1):
        kind = element.get("type") or "decision"
        inputs = {}
        for node in element.all("inputNode"):
            space = node.get("namespace")
            inputs[f"{space}#{node.get('name')}" if space else node.get("name")] = _value(node)
        results = tuple(
            Expected(
                f"{node.get('namespace')}#{node.get('name')}" if node.get("namespace") else node.get("name"),
                kind if kind != "decision" and element.get("invocableName") else node.get("type") or kind,
                _value(inner) if (inner := node.first("expected")) is not None else None,
                node.get("errorResult") == "true",
            )
            for node in element.all("resultNode")
        )
        yield Case(element.get("id") or str(number), inputs, results, element.get("invocableName"))


def _value(element: Element) -> Any:
    """The value inside a node, an ``expected``, a component or a member of a list."""
    if element.attributes.get(XSI + "nil") == "true":
        return None
    if (found := element.first("list")) is not None:
        return None if found.attributes.get(XSI + "nil") == "true" else [_value(one) for one in found.all("item")]
    components = list(element.all("component"))
    if components:
        return {one.get("name"): _value(one) for one in components}
    found = element.first("value")
    if found is None or found.attributes.get(XSI + "nil") == "true":
        return None
    return _simple(found)


def _simple(element: Element) -> Any:
    kind = element.attributes.get(XSI + "type", "").rpartition(":")[2]
    text = element.text
    if kind in NUMBERS:
        return Decimal(text.strip())
    if kind == "boolean":
        return text.strip() in ("true", "1")
    if kind in ("date", "time", "dateTime", "duration"):
        return _moment(kind, text.strip())
    return text if kind else _untyped(text)


def _moment(kind: str, text: str) -> Any:
    parsers = {
        "date": temporal.wide_date,
        "time": temporal.wide_time,
        "dateTime": temporal.wide_date_and_time,
        "duration": temporal.parse_duration,
    }
    return parsers[kind](text)


def _untyped(text: str) -> Any:
    """Old suites leave the type out."""
    if re.fullmatch(r"-?\d+(\.\d+)?", text.strip()):
        return Decimal(text.strip())
    return {"true": True, "false": False}.get(text.strip(), text)
