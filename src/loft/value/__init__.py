"""Did it help? The plan that is fixed before a change starts, the comparison, the estimate, and the verdict.

A log is asked for **cells** only, a few numbers for each unit and day; every estimate is computed from these, exactly. ``verdict`` follows
the rule of docs/verdict.md and says what may be claimed today. Nothing here knows of Django.
"""
