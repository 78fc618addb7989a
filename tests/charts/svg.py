"""What the tests of charts look at: the text boxes of a drawing."""

import re
from xml.etree import ElementTree  # the text is our own

from loft.charts.drawing import text_width

SVG = "{http://www.w3.org/2000/svg}"


def parsed(drawing: str) -> ElementTree.Element:
    """The drawing as a tree: it must be well-formed XML."""
    return ElementTree.fromstring(drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def words(drawing: str) -> list[str]:
    """The texts that are seen, in order."""
    return [_own(t) for t in parsed(drawing).iter(f"{SVG}text")]


def _own(element: ElementTree.Element) -> str:
    return (element.text or "") + "".join(child.tail or "" for child in element)


def boxes(drawing: str) -> list[tuple[str, float, float, float, float]]:
    """Each text with the box it fills: left, top, right, bottom."""
    found = []
    for t in parsed(drawing).iter(f"{SVG}text"):
        said = _own(t)
        width, x, y = text_width(said) * 0.9, float(t.get("x")), float(t.get("y"))
        left = {"middle": x - width / 2, "end": x - width}.get(t.get("text-anchor", "start"), x)
        found.append((said, left, y - 10, left + width, y + 2))
    return found


def overlaps(drawing: str) -> list[tuple[str, str]]:
    """Pairs of texts that lie over each other."""
    placed = boxes(drawing)
    return [
        (a[0], b[0])
        for i, a in enumerate(placed)
        for b in placed[i + 1 :]
        if a[1] < b[3] and b[1] < a[3] and a[2] < b[4] and b[2] < a[4]
    ]


def outside(drawing: str) -> list[str]:
    """Texts that reach outside the drawing."""
    width, height = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawing).groups())
    return [
        said
        for said, left, top, right, bottom in boxes(drawing)
        if left < -1 or top < -1 or right > width + 1 or bottom > height + 1
    ]
