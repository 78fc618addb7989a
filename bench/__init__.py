"""Løft beside others, on the same logs and the same machine, in one run: is it right, how fast is it, what does it need?

``python -m bench`` (``make bench``) measures; ``python -m bench agree`` holds the figures of real logs against PM4Py's. What is
measured, and what came of it, stands in docs/benchmarks.md. Not part of the package.
"""
