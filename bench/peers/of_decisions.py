"""The same decision table, 20 rows by 6 inputs, asked of Løft, zen-engine, SpiffWorkflow's DMN and pyDMNrules."""

import json
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

WORDS = {"zone": "abcd", "kind": "pqrs"}
LIMITS = {"income": 1000, "children": 10, "age": 100, "hours": 50, "rent": 300, "distance": 40}
INPUTS = ("income", "children", "age", "hours", *WORDS)
EIGHT = (*LIMITS, *WORDS)
Cell = tuple[int, int] | str | None
Row = tuple[list[Cell], int]
Case = dict[str, Any]
Ask = Callable[[Case], int]


def table(rows: int = 20, inputs: tuple[str, ...] = INPUTS, seed: int = 1) -> list[Row]:
    """Rows with ranges of numbers, words, and cells for anything; the last row takes what is left. The first that fits counts."""
    chance = np.random.default_rng(seed)
    found: list[Row] = []
    for row in range(rows - 1):
        cells: list[Cell] = [None] * len(inputs)
        for at, name in enumerate(inputs):
            if chance.random() < 0.4:
                continue
            if name in LIMITS:
                low = int(chance.integers(0, 15)) * LIMITS[name] // 20
                cells[at] = low, low + int(chance.integers(6, 14)) * LIMITS[name] // 20
            else:
                cells[at] = str(chance.choice(list(WORDS[name])))
        found.append((cells, row + 1))
    return [*found, ([None] * len(inputs), rows)]


def cases(many: int, seed: int = 2) -> list[Case]:
    """Cases by chance, all facts known."""
    chance = np.random.default_rng(seed)
    columns: dict[str, list[Any]] = {n: chance.integers(0, LIMITS[n], many).tolist() for n in INPUTS if n in LIMITS}
    columns |= {n: chance.choice(list(letters), many).tolist() for n, letters in WORDS.items()}
    return [dict(zip(INPUTS, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _feel(cell: Cell) -> str:
    if cell is None:
        return "-"
    return f'"{cell}"' if isinstance(cell, str) else f"[{cell[0]}..{cell[1]})"


def markdown(rows: list[Row], inputs: tuple[str, ...] = INPUTS) -> str:
    """The table as a rule of Løft."""
    types = [f"| {name} | {'number' if name in LIMITS else 'string'} |" for name in inputs]
    lines = [f"| {output} | {' | '.join(map(_feel, cells))} | {output} |" for cells, output in rows]
    head = f"| F | {' | '.join(inputs)} | → fee |\n|{'---|' * (len(inputs) + 2)}"
    facts = "\n".join(["| fact | type |", "|---|---|", *types])
    return f"# Fee\n\n- rule: fee\n\n## Facts\n\n{facts}\n\n## Decision: fee\n\n{head}\n" + "\n".join(lines) + "\n"


def xml(rows: list[Row]) -> str:
    """The table as DMN 1.3."""

    def text(tag: str, told: str) -> str:
        told = told.replace("<", "&lt;")
        return f'<{tag} id="i{next(numbers)}"><text>{told}</text></{tag}>'

    numbers = iter(range(10**6))
    inputs = "".join(
        f'<input id="in{n}" label="{n}"><inputExpression id="ie{n}" typeRef="{"number" if n in LIMITS else "string"}">'
        f"<text>{n}</text></inputExpression></input>"
        for n in INPUTS
    )
    rules = "".join(
        f'<rule id="r{output}">{"".join(text("inputEntry", _feel(c)) for c in cells)}{text("outputEntry", str(output))}</rule>'
        for cells, output in rows
    )
    data = "".join(
        f'<inputData id="d{n}" name="{n}"><variable name="{n}" typeRef="{"number" if n in LIMITS else "string"}"/></inputData>'
        for n in INPUTS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" '
        f'id="m" name="m" namespace="m">{data}<decision id="fee" name="fee"><variable name="fee" typeRef="number"/>'
        f'<decisionTable id="t" hitPolicy="FIRST">{inputs}<output id="o" name="fee" typeRef="number"/>{rules}</decisionTable>'
        "</decision></definitions>"
    )


def _loft(rows: list[Row]) -> Ask:
    from loft.decisions import Table
    from loft.decisions.text.reader import read_text

    model = read_text(markdown(rows))
    decide = Table(model, model.decision()).decide
    return lambda case: int(decide(case).value)


def _zen(rows: list[Row]) -> Ask:
    import zen

    rules = [
        {
            "_id": f"r{output}",
            "out": str(output),
            **{n: _feel(c) if c else "" for n, c in zip(INPUTS, cells, strict=True)},
        }
        for cells, output in rows
    ]
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": n, "name": n, "field": n} for n in INPUTS],
        "outputs": [{"id": "out", "name": "fee", "field": "fee"}],
        "rules": rules,
    }
    place = {"x": 0, "y": 0}
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "position": place},
        {"id": "table", "name": "table", "type": "decisionTableNode", "position": place, "content": content},
        {"id": "out", "name": "out", "type": "outputNode", "position": place},
    ]
    edges = [
        {"id": f"{a}-{b}", "sourceId": a, "targetId": b, "type": "edge"} for a, b in (("in", "table"), ("table", "out"))
    ]
    # Made ready once and handed out by the loader: a decision made from text is made ready again at every call.
    ready = zen.ZenDecisionContent(json.dumps({"nodes": nodes, "edges": edges}))
    evaluate = zen.ZenEngine({"loader": lambda key: ready}).evaluate
    return lambda case: int(evaluate("fee", case)["result"]["fee"])


def _spiff(rows: list[Row]) -> Ask:
    """Its cells are Python. A task of a process is stood in for by what the engine looks at: data and a script engine."""
    from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
    from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
    from SpiffWorkflow.dmn.specs.model import DecisionTable, Input, InputEntry, Output, OutputEntry, Rule

    made = DecisionTable("t", "fee", "FIRST")
    made.inputs = [Input(n, n, n, n, "") for n in INPUTS]
    made.outputs = [Output("o", "fee", "fee", "number")]
    for cells, output in rows:
        rule = Rule(f"r{output}")
        for given, cell in zip(made.inputs, cells, strict=True):
            entry = InputEntry(given.id, given)
            told = None if cell is None else f'"{cell}"' if isinstance(cell, str) else f"{cell[0]} <= ? < {cell[1]}"
            entry.lhs.append(told)
            rule.inputEntries.append(entry)
        entry = OutputEntry("o", made.outputs[0])
        entry.text = str(output)
        rule.outputEntries.append(entry)
        made.rules.append(rule)
    engine, process = DMNEngine(made), SimpleNamespace(script_engine=PythonScriptEngine())
    return lambda case: int(engine.result(SimpleNamespace(data=dict(case), workflow=process))["fee"])


def _pydmnrules(rows: list[Row]) -> Ask:
    import pyDMNrules

    rules = pyDMNrules.DMN()
    status = rules.useXML(xml(rows))
    if "errors" in status:
        raise ValueError(status["errors"])

    def ask(case: Case) -> int:
        _, found = rules.decide(dict(case))
        last = found[-1] if isinstance(found, list) else found
        return int(last["Result"]["fee.fee"])

    return ask


ENGINES: dict[str, Callable[[list[Row]], Ask]] = {
    "Løft": _loft,
    "zen-engine": _zen,
    "SpiffWorkflow": _spiff,
    "pyDMNrules": _pydmnrules,
}


def single(engine: str, agree: int, timed: int) -> dict[str, Any]:
    """The answers to *agree* cases, and the seconds that *timed* others take."""
    ask = ENGINES[engine](table())
    answers = [ask(case) for case in cases(agree)]
    some = cases(timed, seed=3)
    begun = time.perf_counter()
    for case in some:
        ask(case)
    return {"answers": answers, "taken": time.perf_counter() - begun}


def over(rows: int, inputs: int, many: int) -> dict[str, Any]:
    """The seconds that a table takes over *many* cases in DuckDB, from reading the rule to the sum of its outputs."""
    import ibis

    from loft.decisions import Table
    from loft.decisions.text.reader import read_text

    names = INPUTS if inputs == len(INPUTS) else EIGHT
    connection = ibis.duckdb.connect()
    numbers = [f"(random() * {LIMITS[n]})::integer as {n}" for n in names if n in LIMITS]
    words = [f"substr('{letters}', 1 + (random() * 3)::integer, 1) as {n}" for n, letters in WORDS.items()]
    connection.raw_sql(f"create table cases as select {', '.join([*numbers, *words])} from range({many})")
    begun = time.perf_counter()
    model = read_text(markdown(table(rows, names), names))
    found = Table(model, model.decision()).over(connection.table("cases"))
    told = found.aggregate(fee=found["fee"].sum(), row=found["row"].sum(), decided=(found["status"] == "decided").sum())
    decided = told.to_pyarrow().to_pylist()[0]["decided"]
    return {"taken": time.perf_counter() - begun, "decided": decided}
