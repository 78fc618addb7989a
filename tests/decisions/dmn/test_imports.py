from decimal import Decimal
from pathlib import Path

import pytest

from loft.decisions.dmn.reader import read_dmn
from loft.decisions.dmn.writer import write_dmn
from loft.decisions.errors import RuleError, TooLarge
from loft.decisions.standard import Evaluator, evaluate
from tests.decisions.dmn.building import SPACE, decision, dmn, given, literal

KIND = f'importType="{SPACE}"'


def lay(folder: Path, name: str, body: str) -> Path:
    path = folder / f"{name}.dmn"
    path.write_text(dmn(body, namespace=f"urn:{name}"), encoding="utf-8")
    return path


def imported(name: str, alias: str, *, location: str = "") -> str:
    where = f' locationURI="{location}"' if location else ""
    return f'<import namespace="urn:{name}" name="{alias}" {KIND}{where}/>'


BASE = (
    '<itemDefinition name="tAge"><typeRef>number</typeRef><allowedValues><text>[0..120]</text></allowedValues></itemDefinition>'
    + given("age", "tAge")
    + decision("double", literal("age * 2"), requires="age")
    + '<businessKnowledgeModel id="add" name="add up"><encapsulatedLogic><formalParameter name="n"/>'
    "<literalExpression><text>n + 1</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>"
)
TOP = (
    given("own", "base.tAge")
    + '<decision id="top" name="top"><variable name="top"/><informationRequirement><requiredDecision href="urn:base#double"/>'
    '</informationRequirement><informationRequirement><requiredInput href="#own"/></informationRequirement>'
    '<knowledgeRequirement><requiredKnowledge href="urn:base#add"/></knowledgeRequirement>'
    "<literalExpression><text>base.add up(base.double) + own</text></literalExpression></decision>"
)


@pytest.mark.parametrize("location", ["", "base.dmn", "some/where/else/base.dmn", "http://example.org/models/base.dmn"])
def test_another_model_is_found_in_the_same_folder_by_file_name_or_namespace(tmp_path: Path, location: str) -> None:
    lay(tmp_path, "base", BASE)
    lay(tmp_path, "bystander", "")
    model = read_dmn(lay(tmp_path, "top", imported("base", "base", location=location) + TOP))
    assert model.imports[0].model.name == "m"
    assert Evaluator(model).decision("top", {"age": 20, "own": 3}) == Decimal(44)
    assert Evaluator(model).decision("top", {"urn:base#age": 20, "own": 3}) == Decimal(44)
    assert Evaluator(model).decision("top", {"age": 20, "own": 130}) is None, (
        "outside the imported type's allowed values"
    )


def test_a_model_reached_in_two_ways_gets_its_facts_once(tmp_path: Path) -> None:
    lay(tmp_path, "base", BASE)
    for name in ("left", "right"):
        lay(
            tmp_path,
            name,
            imported("base", "base")
            + '<decision id="d" name="d"><informationRequirement><requiredInput href="urn:base#age"/></informationRequirement>'
            f'<literalExpression><text>"{name} " + string(base.age)</text></literalExpression></decision>',
        )
    both = "".join(
        f'<informationRequirement><requiredDecision href="urn:{name}#d"/></informationRequirement>'
        for name in ("left", "right")
    )
    path = lay(
        tmp_path,
        "all",
        imported("left", "Model L")
        + imported("right", "Model R")
        + f'<decision id="t" name="t">{both}<literalExpression><text>Model L.d + ", " + Model R.d</text></literalExpression></decision>',
    )
    assert Evaluator(read_dmn(path)).decision("t", {"urn:base#age": 7}) == "left 7, right 7"


def test_a_model_that_is_elsewhere_is_not_looked_for(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    lay(tmp_path, "base", BASE)
    for location in ("", "../base.dmn", str(tmp_path / "base.dmn")):
        path = lay(tmp_path / "inside", "top", imported("base", "base", location=location) + TOP)
        with pytest.raises(RuleError, match="not in the same folder"):
            read_dmn(path)


def test_models_that_import_each_other_in_a_ring_are_refused(tmp_path: Path) -> None:
    lay(tmp_path, "a", imported("b", "b"))
    lay(tmp_path, "b", imported("c", "c"))
    lay(tmp_path, "c", imported("a", "a"))
    with pytest.raises(RuleError, match="urn:a → urn:b → urn:c → urn:a"):
        read_dmn(tmp_path / "a.dmn")


def test_a_lenient_reader_leaves_out_the_import_that_closes_a_ring(tmp_path: Path) -> None:
    needs = '<informationRequirement><requiredDecision href="urn:b#{0}"/></informationRequirement>' + literal("b.{0}")
    lay(tmp_path, "a", imported("b", "b") + imported("a", "") + decision("top", needs.format("low")))
    lay(tmp_path, "b", imported("a", "a") + decision("low", literal("1")))
    assert Evaluator(read_dmn(tmp_path / "a.dmn", strict=False)).decision("top", {}) == 1


def test_an_import_without_a_name_makes_parts_and_types_the_models_own_through_models_between(tmp_path: Path) -> None:
    typed = decision("top", literal("low + 1"), decided="low", type_="tAge")
    lay(tmp_path, "top", imported("between", "") + imported("late", "") + typed)
    lay(tmp_path, "between", imported("base", ""))
    lay(tmp_path, "base", BASE + decision("low", literal("age"), requires="age"))
    lay(tmp_path, "late", decision("low", literal("0")))
    model = read_dmn(tmp_path / "top.dmn")
    assert model.decision("top").requires == ("urn:base#low",), "the first that is met, deep before wide"
    assert Evaluator(model).decision("top", {"age": 20}) == 21
    assert Evaluator(model).decision("top", {"age": 120}) is None, "outside the type's allowed values"


def test_many_imports_of_models_that_import_each_other_are_read_fast_or_refused(tmp_path: Path) -> None:
    layers, wide = 12, 12
    for layer in range(layers):
        for at in range(wide):
            below = "".join(imported(f"m{layer - 1}-{n}", "") for n in range(wide) if layer)
            lay(tmp_path, f"m{layer}-{at}", below + decision(f"d{layer}-{at}", literal("1")))
    top = "".join(imported(f"m{layers - 1}-{n}", "") for n in range(wide))
    model = read_dmn(lay(tmp_path, "top", top + decision("top", literal("d0-0"), decided="d0-0")))
    assert Evaluator(model).decision("top", {}) == 1
    with pytest.raises(TooLarge, match="more than 200 imports"):
        read_dmn(lay(tmp_path, "many", imported("m0-0", "") * 201))


def test_a_decision_of_an_imported_model_can_be_asked_and_told(tmp_path: Path) -> None:
    lay(tmp_path, "base", BASE)
    evaluator = Evaluator(read_dmn(lay(tmp_path, "top", imported("base", "base") + TOP)))
    assert evaluator.decision("double", {"age": 4}) == evaluator.decision("urn:base#double", {"age": 4}) == 8
    assert evaluator.decision("top", {"urn:base#double": 40, "own": 2}) == 43
    there = evaluator.model.imports[0].model.decision("double")
    assert evaluate(evaluator.model, there, {"age": 4}) == 8
    with pytest.raises(RuleError, match="there is no decision"):
        evaluator.decision("urn:base#own", {})


def test_a_file_of_that_name_with_another_namespace_is_told(tmp_path: Path) -> None:
    lay(tmp_path, "base", BASE)
    with pytest.raises(RuleError, match=r"top.dmn.*the file base.dmn has the namespace “urn:base”"):
        read_dmn(lay(tmp_path, "top", imported("other", "base", location="base.dmn")))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=r"none.dmn: the file cannot be read"):
        read_dmn(tmp_path / "none.dmn")


def test_an_importing_model_is_written_and_read_again(tmp_path: Path) -> None:
    lay(tmp_path, "base", BASE)
    path = lay(tmp_path, "top", imported("base", "base") + TOP)
    model = read_dmn(path)
    path.write_text(write_dmn(model), encoding="utf-8")
    assert read_dmn(path) == model
