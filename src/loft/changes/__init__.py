"""The register of changes: from an idea, by way of a plan that is locked before it starts, to value that is shown, and spread.

``actions`` are the only way to write; each appends its event to the log in the same transaction.
"""
