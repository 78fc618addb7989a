"""DMN files for tests, from the parts that matter."""

from loft.decisions.dmn.reader import read_dmn_text
from loft.decisions.model import Model

SPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def dmn(body: str, *, space: str = SPACE, namespace: str = "https://example.org/rule", head: str = "") -> str:
    """A whole file around these elements."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="{space}" xmlns:feel="{space}FEEL/" '
        f'xmlns:loft="https://innovasjonsloft.no/dmn/1" id="m" name="m" namespace="{namespace}">{head}{body}</definitions>'
    )


def read(body: str, *, strict: bool = True, space: str = SPACE) -> Model:
    return read_dmn_text(dmn(body, space=space), file="rule.dmn", strict=strict)


def given(name: str, type_: str = "number") -> str:
    """Input data, with the name as its id."""
    return f'<inputData id="{name}" name="{name}"><variable name="{name}" typeRef="{type_}"/></inputData>'


def decision(name: str, logic: str, *, requires: str = "", knows: str = "", decided: str = "", type_: str = "") -> str:
    """A decision with the name as its id; what it requires (input data, decisions, knowledge) with commas between."""
    needs = "".join(
        f'<{outer}Requirement><{inner} href="#{one.strip()}"/></{outer}Requirement>'
        for outer, inner, names in (
            ("information", "requiredInput", requires),
            ("information", "requiredDecision", decided),
            ("knowledge", "requiredKnowledge", knows),
        )
        for one in names.split(",")
        if one.strip()
    )
    ref = f' typeRef="{type_}"' if type_ else ""
    return f'<decision id="{name}" name="{name}"><variable name="{name}"{ref}/>{needs}{logic}</decision>'


def literal(text: str) -> str:
    return f"<literalExpression><text>{escaped(text)}</text></literalExpression>"


def table(inputs: str, outputs: str, rows: str, *, attributes: str = "", values: str = "") -> str:
    """A decision table; columns and cells with ``|`` between, a row on each line: ``< 5 | "a"``.

    *values* are the output values of the columns, likewise.
    """
    columns = [one.strip() for one in inputs.split("|")]
    names = [one.strip() for one in outputs.split("|")]
    allowed = [one.strip() for one in values.split("|")] if values else [""] * len(names)
    body = "".join(
        f"<input><inputExpression><text>{escaped(one)}</text></inputExpression></input>" for one in columns if one
    )
    for name, told in zip(names, allowed, strict=True):
        inner = f"<outputValues><text>{escaped(told)}</text></outputValues>" if told else ""
        body += f'<output name="{name}">{inner}</output>' if len(names) > 1 else f"<output>{inner}</output>"
    for line in filter(None, map(str.strip, rows.splitlines())):
        cells = [one.strip() for one in line.split("|")]
        body += "<rule>"
        for at, cell in enumerate(cells):
            kind = "inputEntry" if at < len([one for one in columns if one]) else "outputEntry"
            body += f"<{kind}><text>{escaped(cell)}</text></{kind}>"
        body += "</rule>"
    return f"<decisionTable {attributes}>{body}</decisionTable>"


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
