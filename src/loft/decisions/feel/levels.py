"""How strongly operators bind, the loosest first (DMN 1.5, grammar rule 2 and table 53)."""

WHOLE, OR, AND, COMPARISON, SUM, PRODUCT, POWER, SIGNED, ITSELF = range(9)
"""``WHOLE`` is a whole expression, such as ``if … then … else …``; ``ITSELF`` what no operator can take apart: names, constants,
brackets."""

COMPARING = ("<", "<=", ">", ">=", "=", "!=")

LEVELS = {
    "or": OR,
    "and": AND,
    **dict.fromkeys(("between", "in", *COMPARING), COMPARISON),
    "+": SUM,
    "-": SUM,
    "*": PRODUCT,
    "/": PRODUCT,
    "**": POWER,
}
"""The level of each sign or word that stands between two values."""
