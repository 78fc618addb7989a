"""The texts that people read: gathered from the code, kept in two catalogues, checked for holes.

``python -m tools.messages``            gather the texts into src/loft/locale/{nb,nn}; translations are kept
``python -m tools.messages --check``    fail when a text is missing, not translated, or has other placeholders
``python -m tools.messages --compile``  make the .mo files that the program reads
"""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "loft"
LANGUAGES = ("nb", "nn")
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "mark"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*(?:[.:!][^{}]*)?\}|</?\w+[^>]*>")


def file_of(language: str) -> Path:
    return SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"


def texts() -> Catalog:
    """Every text in the Python code and the templates, with the files it stands in."""
    catalogue = Catalog(project="Løft", charset="utf-8", fuzzy=False)
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("templates/**/*.html")]):
        code = path.read_text(encoding="utf-8")
        calls = _calls(code, str(path)) if path.suffix == ".py" else _template_calls(templatize(code, origin=str(path)))
        for function, parts in calls:
            _add(catalogue, function, parts, str(path.relative_to(ROOT)))
    return catalogue


def _calls(code: str, origin: str) -> Iterator[tuple[str, list[object]]]:
    """Every call that marks a text, with its arguments. The code is parsed, so that a call inside an f-string is seen too."""
    for node in ast.walk(ast.parse(code, origin)):
        if isinstance(node, ast.Call):
            function = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if function in KEYWORDS:
                yield function, [part.value if isinstance(part, ast.Constant) else None for part in node.args]


def _template_calls(code: str) -> Iterator[tuple[str, list[object]]]:
    """The same of a template, which Django has turned into something that looks like code and cannot be parsed."""
    for _, function, found, _ in extract_python(BytesIO(code.encode()), list(KEYWORDS), (), {"encoding": "utf-8"}):
        yield function, list(found) if isinstance(found, tuple) else [found]


def _add(catalogue: Catalog, function: str, parts: list[object], where: str) -> None:
    """Put one call into the catalogue; a call whose first argument is not a plain text is a variable being translated."""
    context = parts.pop(0) if function.startswith(("pgettext", "npgettext")) else None
    wanted = 2 if "ngettext" in function or function.startswith("npgettext") else 1
    chosen = parts[:wanted]
    if len(chosen) < wanted or not all(isinstance(text, str) and text for text in chosen):
        return
    catalogue.add(tuple(chosen) if wanted == 2 else chosen[0], locations=[(where, 0)], context=context)


def stored(language: str) -> Catalog:
    path = file_of(language)
    if not path.is_file():
        return Catalog(locale=language, project="Løft", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def gather() -> None:
    """Bring both catalogues up to date. Texts that are no longer in the code leave them; no translation is guessed."""
    found = texts()
    for language in LANGUAGES:
        old, new = stored(language), Catalog(locale=language, project="Løft", charset="utf-8", fuzzy=False)
        for message in _messages(found):
            kept = old.get(_key(message), message.context)
            same_shape = kept is not None and isinstance(kept.id, tuple) == isinstance(message.id, tuple)
            new.add(message.id, kept.string if same_shape else "", message.locations, context=message.context)
        path = file_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as out:
            write_po(out, new, width=120, sort_output=True, omit_header=False, include_lineno=False)
        _settle_dates(path)


def _settle_dates(path: Path) -> None:
    """Take the dates and the tool's version out of the head, so that a run that finds nothing new changes nothing."""
    dated = (
        r'"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid-Bugs-To):.*\n'
    )
    text = re.sub(dated, "", path.read_text(encoding="utf-8"))
    text = re.sub(r"\A(#.*\n)+", "", text)
    path.write_text(text.strip() + "\n", encoding="utf-8")


def problems() -> Iterator[str]:
    """Sentences that say what is missing or wrong in the catalogues."""
    found = texts()
    for language in LANGUAGES:
        catalogue = stored(language)
        for message in _messages(found):
            kept = catalogue.get(_key(message), message.context)
            where = f"{language}: {_key(message)!r} ({message.locations[0][0]})"
            if kept is None:
                yield f"{where} is not in the catalogue; run `make messages`"
                continue
            for english, translated in _pairs(message, kept):
                if not translated:
                    yield f"{where} has no translation"
                elif _placeholders(english) != _placeholders(translated):
                    yield f"{where} is translated with other placeholders: {translated!r}"
        for message in _messages(catalogue):
            if found.get(_key(message), message.context) is None:
                yield f"{language}: {_key(message)!r} is no longer in the code; run `make messages`"


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _key(message: Message) -> str:
    return str(message.id[0]) if isinstance(message.id, tuple | list) else str(message.id)


def _pairs(message: Message, kept: Message) -> list[tuple[str, str]]:
    """English and translated text, form by form; both languages have two forms, as English has."""
    if not isinstance(message.id, tuple | list):
        return [(str(message.id), str(kept.string or ""))]
    forms = list(kept.string) if isinstance(kept.string, tuple | list) else []
    forms += [""] * (2 - len(forms))
    return list(zip(message.id, forms, strict=False))


def _placeholders(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text))


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        wrong = list(problems())
        print("\n".join(wrong) or "Every text is translated.")
        return 1 if wrong else 0
    if arguments == ["--compile"]:
        from hatch_build import compile_messages

        compile_messages(SOURCE / "locale")
        return 0
    if arguments:
        print(__doc__, file=sys.stderr)
        return 2
    gather()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
