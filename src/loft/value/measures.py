"""What is measured: each measure with its unit, its good direction, and how its cells are made from a log."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """A measure of a case.

    ``name`` is its name in plans, files and addresses; ``label`` an English text, translated when shown. ``kind`` is how a value is
    written: ``days``, ``share``, ``count`` or ``number``. ``better`` is ``lower``, ``higher`` or empty where neither is.
    ``form`` says what a unit's figure over a window is: ``duration`` (restricted mean, open cases censored), ``mean``, ``share``
    (a mean of 0 and 1) or ``count`` (cases a day).
    """

    name: str
    label: str
    kind: str
    better: str
    form: str
