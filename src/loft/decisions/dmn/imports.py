"""Other models that a model imports: found in the same folder, never elsewhere and never on the network."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from loft.decisions.dmn.xml import Element, first_attributes
from loft.decisions.errors import Place, RuleError, TooLarge
from loft.decisions.model import Import, Model
from loft.language import mark

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_FILES: Final = 200
"""Files of a folder that are looked through for a namespace."""
MOST_IMPORTS: Final = 200
"""Imports in one model."""
_START: Final = 100_000
"""Bytes of a file in which its first element is looked for."""


@dataclass
class Folder:
    """Where imported models are found, those that were read, the namespaces being read now and those that files say they have."""

    path: Path | None
    strict: bool
    read: "Callable[[Path, Folder], Model]"
    models: dict[Path, Model] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    spaces: dict[Path, str] = field(default_factory=dict)

    @cached_property
    def files(self) -> list[Path]:
        """The files that may hold models, in order."""
        found = [] if self.path is None else self.path.iterdir()
        return sorted(path for path in found if path.suffix.lower() in (".dmn", ".xml") and path.is_file())


def imports_of(root: Element, *, file: str, folder: Folder) -> tuple[Import, ...]:
    """The models that *root* imports. Raises ``RuleError`` where one is not in the folder or imports go in a ring.

    A lenient reader leaves out the import that would close a ring. Raises ``TooLarge`` for more than ``MOST_IMPORTS``.
    """
    elements = [element for element in root.all("import") if _is_dmn(element)]
    if len(elements) > MOST_IMPORTS:
        raise TooLarge(_IMPORTS, Place(file), line=elements[-1].line, most=MOST_IMPORTS)
    return tuple(
        Import(element.get("name"), element.get("namespace"), _model(element, file, folder))
        for element in elements
        if folder.strict or element.get("namespace") not in folder.open
    )


def _is_dmn(element: Element) -> bool:
    kind = element.get("importType").lower()
    return ("/dmn/" in kind and "pmml" not in kind) or not kind


def _model(element: Element, file: str, folder: Folder) -> Model:
    namespace = element.get("namespace")
    place = Place(file, text=namespace)
    if namespace in folder.open:
        raise RuleError(_RING, place, line=element.line, names=" → ".join([*folder.open, namespace]))
    path = _find(element, folder)
    if path is None:
        raise RuleError(_NOT_THERE, place, line=element.line)
    if path not in folder.models:
        folder.models[path] = folder.read(path, folder)
    model = folder.models[path]
    if model.namespace != namespace:
        raise RuleError(_OTHER, place, line=element.line, name=path.name, other=model.namespace)
    return model


def _find(element: Element, folder: Folder) -> Path | None:
    """The file that is meant: by its name in ``locationURI``, else by the namespace that it says it has."""
    location = unquote(element.get("locationURI")).replace("\\", "/")
    name = PurePosixPath(location).name
    named = next((path for path in folder.files if path.name == name), None)
    if named is not None:
        return named
    if len(folder.files) > MOST_FILES:
        raise TooLarge(_MANY, Place(), line=element.line, most=MOST_FILES)
    namespace = element.get("namespace")
    return next((path for path in folder.files if _space_of(path, folder) == namespace), None)


def _space_of(path: Path, folder: Folder) -> str:
    """What the file's first element says is its namespace."""
    if path not in folder.spaces:
        with path.open("rb") as stream:
            folder.spaces[path] = first_attributes(stream.read(_START)).get("namespace", "").strip()
    return folder.spaces[path]


_RING = mark("line %(line)s: models import each other in a ring: %(names)s. Break the ring.")
_NOT_THERE = mark("line %(line)s: the imported model is not in the same folder. Put its file beside this one.")
_OTHER = mark("line %(line)s: the file %(name)s has the namespace “%(other)s”. Correct the import or the file.")
_MANY = mark("line %(line)s: the folder has more than %(most)s files; say which one is imported with locationURI.")
_IMPORTS = mark("line %(line)s: the model has more than %(most)s imports. Split it into several models.")
