"""Looking for a pattern in a text, in bounded time.

The pattern becomes a program of small steps that is run with backtracking, first choice first, as XPath wants it. A place in the
program that failed at a place in the text fails there again, so it is never tried twice (Cox, "Regular Expression Matching: the
Virtual Machine Approach", 2009): time grows with program times text, whatever the pattern. With back-references what the groups hold
belongs to the place too, and only ``STEPS`` bounds the time.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from loft.decisions.feel import bounds
from loft.decisions.feel.functions.letters import exactly
from loft.decisions.feel.functions.patterns import (
    Again,
    Chain,
    Choice,
    Edge,
    Group,
    One,
    Part,
    Repeat,
    read_pattern,
)
from loft.decisions.feel.functions.signatures import UnfitError

LONGEST = 10_000
"""Characters in a text that is searched."""
LARGEST = 10_000
"""Steps in a program."""
STEPS = 1_000_000
"""Steps that one call may run; a fourth of them is taken from the evaluation's allowance (``bounds``)."""

Groups = tuple[int, ...]
"""Start and end of the match, then of each group; -1 where it took no part."""

_ONE, _SPLIT, _JUMP, _SAVE, _EDGE, _AGAIN, _FOUND = range(7)


@dataclass
class _Program:
    """Steps as ``(kind, a, b)``."""

    steps: list[tuple[int, Any, int]] = field(default_factory=list)
    again: bool = False

    def add(self, kind: int, a: Any = None, b: int = 0) -> int:
        if len(self.steps) >= LARGEST:
            raise UnfitError
        self.steps.append((kind, a, b))
        return len(self.steps) - 1

    def split(self, *, lazy: bool) -> int:
        """A choice between going on right here and a place that ``close`` tells later."""
        return self.add(_SPLIT, lazy)

    def close(self, split: int) -> None:
        kind, lazy, _ = self.steps[split]
        here = len(self.steps)
        self.steps[split] = (kind, here if lazy else split + 1, split + 1 if lazy else here)

    def emit(self, part: Part) -> None:
        """The steps of *part*, at the end."""
        match part:
            case One():
                self.add(_ONE, part.letters)
            case Chain():
                for inner in part.parts:
                    self.emit(inner)
            case Group():
                self.add(_SAVE, None, 2 * part.number)
                self.emit(part.inner)
                self.add(_SAVE, None, 2 * part.number + 1)
            case Choice():
                self._choice(part)
            case Repeat():
                self._repeat(part)
            case Edge():
                self.add(_EDGE, part)
            case Again():
                self.again = True
                self.add(_AGAIN, part)

    def _choice(self, part: Choice) -> None:
        ends = []
        for inner in part.parts[:-1]:
            split = self.split(lazy=False)
            self.emit(inner)
            ends.append(self.add(_JUMP))
            self.close(split)
        self.emit(part.parts[-1])
        for end in ends:
            self.steps[end] = (_JUMP, None, len(self.steps))

    def _repeat(self, part: Repeat) -> None:
        for _ in range(part.low):
            self.emit(part.inner)
        if part.high is None:
            split = self.split(lazy=part.lazy)
            self.emit(part.inner)
            self.add(_JUMP, None, split)
            self.close(split)
            return
        splits = []
        for _ in range(part.high - part.low):
            splits.append(self.split(lazy=part.lazy))
            self.emit(part.inner)
        for split in splits:
            self.close(split)


@dataclass(frozen=True)
class Pattern:
    """A pattern that can be looked for."""

    steps: tuple[tuple[int, Any, int], ...]
    groups: int
    again: bool


@lru_cache(maxsize=256)
def pattern(text: str, flags: str = "") -> Pattern:
    """The pattern written as *text*. Raises ``UnfitError`` where it is none, or too large."""
    part, groups = read_pattern(text, flags)
    program = _Program()
    program.emit(part)
    program.add(_FOUND)
    return Pattern(tuple(program.steps), groups, program.again)


class Search:
    """One call's look through one text: all searches in it share the bound on steps."""

    def __init__(self, wanted: Pattern, text: str) -> None:
        if len(text) > LONGEST:
            raise UnfitError
        self.wanted, self.text, self.left = wanted, text, STEPS

    def first(self, start: int = 0) -> Groups | None:
        """The first match at or after *start*; None where there is none. Raises ``UnfitError`` when the steps are used up."""
        failed: set[Any] = set()
        before = self.left
        found = None
        for begin in range(start, len(self.text) + 1):
            found = self._at(begin, failed)
            if found is not None:
                break
        bounds.spend((before - self.left) // 4)
        return found

    def all(self) -> list[Groups]:
        """All matches from left to right, none overlapping. Raises ``UnfitError`` also for a match of no characters."""
        found, start = [], 0
        while (match := self.first(start)) is not None:
            if match[0] == match[1]:
                raise UnfitError
            found.append(match)
            start = match[1]
        return found

    def _at(self, begin: int, failed: set[Any]) -> Groups | None:
        empty = (begin, -1) + (-1, -1) * self.wanted.groups
        waiting: list[tuple[int, int, Groups]] = [(0, begin, empty)]
        while waiting:
            found = self._run(*waiting.pop(), waiting, failed)
            if found is not None:
                return found
        return None

    def _run(
        self, at: int, place: int, groups: Groups, waiting: list[tuple[int, int, Groups]], failed: set[Any]
    ) -> Groups | None:
        """One way through the program from step *at*; other ways are put to *waiting*."""
        steps, text, again = self.wanted.steps, self.text, self.wanted.again
        while True:
            self.left -= 1
            if self.left < 0:
                raise UnfitError
            kind, what, other = steps[at]
            if kind == _ONE:
                if place >= len(text) or not what(text[place]):
                    return None
                at, place = at + 1, place + 1
            elif kind == _SPLIT:
                key = (at, place, groups) if again else (at, place)
                if key in failed:
                    return None
                failed.add(key)
                waiting.append((other, place, groups))
                at = what
            elif kind == _JUMP:
                at = other
            elif kind == _SAVE:
                groups = (*groups[:other], place, *groups[other + 1 :])
                at += 1
            elif kind == _FOUND:
                return (groups[0], place, *groups[2:])
            else:
                moved = _moved(what, text, place, groups)
                if moved < 0:
                    return None
                at, place = at + 1, moved


def _moved(part: Any, text: str, place: int, groups: Groups) -> int:
    """Where an edge or a back-reference leaves us; -1 where it does not fit."""
    if isinstance(part, Edge):
        return place if _at_edge(part, text, place) else -1
    assert isinstance(part, Again)
    start, end = groups[2 * part.group], groups[2 * part.group + 1]
    if start < 0 or end < 0:
        return place
    held, here = text[start:end], text[place : place + end - start]
    same = len(held) == len(here) and all(
        exactly(one, caseless=part.caseless)(other) for one, other in zip(held, here, strict=True)
    )
    return place + len(held) if same else -1


def _at_edge(edge: Edge, text: str, place: int) -> bool:
    if edge.start:
        return place == 0 or (edge.lines and place < len(text) and text[place - 1] == "\n")
    return place == len(text) or (edge.lines and text[place] == "\n")
