"""The state machine drawn from the dictionary that runs."""

from loft.changes.rules import ACTIONS, STAGES, Stage


def diagram() -> str:
    """The stages and the actions between them as a Mermaid state diagram, without stop and pause, which are open from everywhere."""
    ids = {stage: stage.name.lower() for stage in Stage}
    lines = [
        "stateDiagram-v2",
        *(f"    {ids[stage]}: {label}" for stage, label in STAGES.items()),
        "    [*] --> idea: propose",
    ]
    for name, action in ACTIONS.items():
        if name in ("stop", "pause", "resume"):
            continue
        lines += [
            f"    {ids[stage]} --> {ids[to]}: {name}"
            for stage in Stage
            for to in Stage
            if to in action.leads.get(stage, ()) and to != stage
        ]
    return "\n".join(lines)
