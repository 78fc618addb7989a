"""The choices of the register, each with its English name."""

from collections.abc import Mapping

from loft.language import mark

KINDS: Mapping[str, str] = {
    "service": mark("Service"),
    "product": mark("Product"),
    "process": mark("Way of working"),
    "organisation": mark("Organisation"),
    "communication": mark("Communication"),
}
"""What is new. A change may be of many kinds. After the Oslo Manual 2018 and the Copenhagen Manual 2021."""

NOVELTY: Mapping[str, str] = {
    "first": mark("First anywhere"),
    "country": mark("New in the country"),
    "here": mark("New here"),
}

ORIGINS: Mapping[str, str] = {
    "own": mark("Our own idea"),
    "copied": mark("Copied from others"),
    "supplier": mark("From a supplier"),
    "research": mark("From research"),
    "resident": mark("From a resident"),
    "employee": mark("From an employee"),
}

GAINS: Mapping[str, str] = {
    "avoided cost": mark("Avoided cost"),
    "saved time": mark("Saved time"),
    "raised quality": mark("Raised quality"),
    "involvement": mark("Involvement"),
    "employees": mark("Better for employees"),
    "political goal": mark("Political goal"),
    "income": mark("Income"),
    "risk": mark("Lower risk"),
    "disbenefit": mark("Disadvantage"),
}

RECEIVERS: Mapping[str, str] = {
    "resident": mark("Residents"),
    "next of kin": mark("Next of kin"),
    "employee": mark("Employees"),
    "own body": mark("Own body"),
    "other public body": mark("Another public body"),
    "business": mark("Businesses"),
    "voluntary": mark("Voluntary organisations"),
    "society": mark("Society"),
}

CASH: Mapping[str, str] = {
    "budget": mark("Effect on our budget"),
    "own use": mark("Used for something else in our own body"),
    "elsewhere": mark("Elsewhere in the public sector"),
    "non-priced": mark("Not priced"),
}
"""What a gain is in money: only the first shows in the budget."""

USES: Mapping[str, str] = {
    "fewer posts": mark("Fewer posts"),
    "moved": mark("Moved to another task"),
    "less overtime": mark("Less overtime"),
    "absorbed": mark("Absorbed in the day's work"),
}
"""What may be decided about freed time. Hours that nothing is decided about are undecided."""

DECISIONS: Mapping[str, str] = {
    "stop": mark("Stopped"),
    "pause": mark("Paused"),
    "resume": mark("Resumed"),
    "adjust": mark("Adjusted"),
    "spread": mark("Taken further"),
}
