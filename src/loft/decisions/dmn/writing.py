"""XML elements to be written, and the text they give."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from loft.decisions.feel.types import Type
from loft.decisions.model import Texts

_TEXT: Final = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("\r"): "&#13;"}
_ATTRIBUTE: Final = _TEXT | {ord('"'): "&quot;", ord("\n"): "&#10;", ord("\t"): "&#9;"}
# What XML 1.0 cannot hold at all, not even escaped.
_UNHEARD: Final = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF], "\ufffd")


class Tag:
    """An element: attributes, and either a text or children."""

    __slots__ = ("attributes", "children", "content", "name")

    def __init__(self, name: str, content: str = "") -> None:
        self.name, self.content = name, content
        self.attributes: dict[str, str] = {}
        self.children: list[Tag] = []

    def set(self, name: str, value: str, *, always: bool = False) -> "Tag":
        """This element with an attribute, unless that is empty."""
        if value or always:
            self.attributes[name] = value
        return self

    def add(self, children: "Iterable[Tag]") -> "Tag":
        self.children.extend(children)
        return self

    def text(self, name: str, content: str, *, always: bool = False) -> "Tag":
        """This element with a child that holds a text, unless that is empty."""
        return self.add([Tag(name, content)] if content or always else [])

    def extension(self, own: "list[Tag]") -> "Tag":
        """This element with extension elements, where there are any."""
        return self.add([Tag("extensionElements").add(own)] if own else [])


def rendered(root: Tag) -> str:
    """The XML text of *root*, two spaces for each level."""
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join(_lines(root, "")) + "\n"


def made_id(kind: str, name: str) -> str:
    """An id that XML allows, made from a part's kind and name; different names give different ids."""
    return f"{kind}-" + re.sub(r"[^\w.-]", lambda sign: f"_{ord(sign[0]):x}_", name)


def texts(name: str, told: Texts) -> Iterator[Tag]:
    """A text in several languages, one element for each."""
    return (Tag(name, text).set("lang", code) for code, text in told.pairs)


def type_ref(type_: Type) -> str:
    """What names a type: its own name, FEEL's, or nothing for any type."""
    if type_.name:
        return type_.name
    if type_.kind in ("list", "range") and type_.member is not None and type_.member.kind != "Any":
        return f"{type_.kind}<{type_ref(type_.member)}>"
    return "" if type_.kind == "Any" else type_.kind


def _lines(tag: Tag, indent: str) -> Iterator[str]:
    head = tag.name + "".join(
        f' {name}="{value.translate(_UNHEARD).translate(_ATTRIBUTE)}"' for name, value in tag.attributes.items()
    )
    if tag.children:
        yield f"{indent}<{head}>"
        for child in tag.children:
            yield from _lines(child, indent + "  ")
        yield f"{indent}</{tag.name}>"
    elif tag.content:
        yield f"{indent}<{head}>{tag.content.translate(_UNHEARD).translate(_TEXT)}</{tag.name}>"
    else:
        yield f"{indent}<{head}/>"
