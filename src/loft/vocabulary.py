"""What Løft's own activities are called, for those who read. Imported logs keep their own words."""

from loft.language import gettext, mark

ACTIVITIES = {
    "aid.delivered": mark("Aid delivered"),
    "appeal.decided": mark("Appeal decided"),
    "appeal.prepared": mark("Appeal prepared"),
    "appeal.received": mark("Appeal received"),
    "application.assessed": mark("Application assessed"),
    "application.checked": mark("Application checked"),
    "application.forwarded": mark("Application forwarded"),
    "application.received": mark("Application received"),
    "application.registered": mark("Application registered"),
    "application.withdrawn": mark("Application withdrawn"),
    "assessment.finished": mark("Assessment finished"),
    "care.started": mark("Care started"),
    "case.closed": mark("Case closed"),
    "case.returned": mark("Case returned"),
    "claim.assessed": mark("Claim assessed"),
    "claim.corrected": mark("Claim corrected"),
    "claim.prepared": mark("Claim prepared"),
    "decision.announced": mark("Decision announced"),
    "decision.made": mark("Decision made"),
    "decision.received": mark("Decision received"),
    "decision.sent": mark("Decision sent"),
    "health.assessed": mark("Health assessed"),
    "home.visited": mark("Home visited"),
    "housing.assessed": mark("Housing assessed"),
    "income.looked_up": mark("Income looked up"),
    "information.received": mark("Information received"),
    "information.requested": mark("Information requested"),
    "loan.paid_out": mark("Loan paid out"),
    "loan.registered": mark("Loan registered"),
    "map.checked": mark("Map checked"),
    "meeting.held": mark("Meeting held"),
    "message.sent": mark("Message sent"),
    "needs.assessed": mark("Needs assessed"),
    "neighbours.notified": mark("Neighbours notified"),
    "offer.answered": mark("Offer answered"),
    "offer.made": mark("Offer made"),
    "order.assessed": mark("Order assessed"),
    "payment.ordered": mark("Payment ordered"),
    "permit.confirmed": mark("Permit confirmed"),
    "plan.drafted": mark("Plan drafted"),
    "register.checked": mark("Register checked"),
    "rules.applied": mark("Rules applied"),
    "skills.assessed": mark("Skills assessed"),
    "statement.given": mark("Statement given"),
    "statements.requested": mark("Statements requested"),
}
"""The activities of Løft's own events, ``noun.verb_past``, with the English name; ``gettext`` gives it in the language in force."""


def activity_name(name: str) -> str:
    """The name of the activity *name* in the language in force; *name* itself when it is not one of Løft's own."""
    return gettext(ACTIVITIES[name]) if name in ACTIVITIES else name
