"""The matcher against Python's own, on what both understand alike."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from loft.decisions.feel.functions.matching import Search, pattern

_ATOMS = st.sampled_from(["a", "b", "[ab]", "[^a]", ".", r"\d", "(?:a|bb)", "(a)", "(b|ab)", "^", "$"])
_SIGNS = st.sampled_from(["", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,2}?"])


@st.composite
def patterns(draw: st.DrawFn) -> str:
    chains = []
    for _ in range(draw(st.integers(1, 2))):
        parts = [(draw(_ATOMS), draw(_SIGNS)) for _ in range(draw(st.integers(1, 4)))]
        chains.append("".join(atom + ("" if atom in "^$" else sign) for atom, sign in parts))
    return "|".join(chains)


@settings(max_examples=500, deadline=None)
@given(patterns(), st.text("ab1", max_size=8))
def test_the_first_match_and_its_groups_are_those_of_pythons_matcher(written: str, text: str) -> None:
    compiled = pattern(written)
    found = Search(compiled, text).first()
    theirs = re.compile(written.replace("$", r"\Z")).search(text)
    expected = theirs and tuple(place for group in range(compiled.groups + 1) for place in theirs.span(group))
    assert found == expected


@settings(max_examples=300, deadline=None)
@given(st.text("ab", min_size=1, max_size=3), st.text("abc", max_size=20))
def test_all_matches_are_those_of_pythons_matcher(written: str, text: str) -> None:
    assert [found[:2] for found in Search(pattern(written), text).all()] == [
        found.span() for found in re.finditer(written, text)
    ]
