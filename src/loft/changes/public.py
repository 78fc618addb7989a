"""The public register: of each change only the fields that the body chose to publish."""

from collections.abc import Mapping

from loft.language import mark

FIELDS: Mapping[str, str] = {
    "what": mark("What is done differently"),
    "why": mark("Why, and where"),
    "body": mark("Public body"),
    "for_whom": mark("For whom"),
    "evidence": mark("How we know of the problem"),
    "kinds": mark("Kinds"),
    "novelty": mark("How new it is"),
    "origin": mark("Where it comes from"),
    "stage": mark("Stage"),
    "owner": mark("Owner in the line"),
    "units": mark("Units"),
    "plan": mark("Locked plan"),
    "verdicts": mark("Verdicts"),
    "gains": mark("Gains"),
    "freed_time": mark("Freed time"),
    "learning": mark("What was learned"),
    "links": mark("Links"),
}
"""What can be made public, with its English name. ``what`` is always shown of a change with any field published."""
