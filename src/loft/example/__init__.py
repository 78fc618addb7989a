"""Fjordvik kommune, a municipality that does not exist: a simulated log of its casework, with the truth written beside it.

Ten services and more go through twenty units of a municipality and of the state, with queues, holidays, seasons and shocks. In the
last quarter one joint door for newcomers opens in 12 of 24 local centres, in an order drawn by lot, and four more changes start in other
services. Both lives of each case are simulated, so that the effect of each change is known and an estimate can be checked against it.
"""

from loft.example.writing import ExamplePaths, write_example

DEMO_EVENTS = 200_000
"""The size the demonstration uses."""

__all__ = ["DEMO_EVENTS", "ExamplePaths", "write_example"]
