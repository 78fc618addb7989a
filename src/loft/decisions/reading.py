"""A rule from a file, whichever form it is written in."""

from pathlib import Path

from loft.decisions.errors import Place, RuleError
from loft.decisions.model import Model
from loft.decisions.tables import Table
from loft.language import mark

_FOLDER = mark(
    "a folder holds the versions of a rule. Name one of its files, or ask loft.decisions.versions.rule for a day's."
)


def read(path: str | Path, *, strict: bool = True) -> Model:
    """The model in a ``.dmn``/``.xml`` or ``.md`` file. Raises ``RuleError`` with file, decision, row and column.

    With ``strict=False`` a decision that cannot be evaluated keeps its ``problem`` and gives null, as the DMN conformance kit wants.
    """
    path = Path(path)
    if path.suffix.lower() == ".md":
        from loft.decisions.text.files import text_of_file
        from loft.decisions.text.reader import read_text

        return read_text(text_of_file(path), file=path.name)
    from loft.decisions.dmn.reader import read_dmn

    return read_dmn(path, strict=strict)


def table(path: str | Path, decision: str = "") -> Table:
    """The rule in a file, ready to be asked: the decision named, else the one that no other requires. Raises as ``read``."""
    if Path(path).is_dir():
        raise RuleError(_FOLDER, Place(Path(path).name))
    model = read(path)
    return Table(model, model.decision(decision))
