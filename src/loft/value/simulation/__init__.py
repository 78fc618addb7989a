"""How often the rule is right: simulated worlds with a known truth, looked at every day.

What is simulated is the product's own arithmetic: the same functions that make a verdict of a log's cells run over thousands of worlds at
once. ``loft value simulate`` prints the table that stands in docs/verdict.md.
"""
