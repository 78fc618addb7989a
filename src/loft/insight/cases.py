"""The cases of a log with all that is known of each, for a rule to be tried on."""

from typing import TYPE_CHECKING

from loft.log import Log

if TYPE_CHECKING:
    import ibis.expr.types as ir


def case_rows(log: Log) -> "ir.Table":
    """One row for each case, as an Ibis table that has not passed the gate: what is counted from it must (``gate.let_out``).

    Columns: ``case``, ``opened``, ``ended``, ``closed``, ``steps``, ``doors``, ``service``, and every attribute by its own name; an
    attribute of events is the first that the case has.
    """
    cases, services, steps = log.table("cases"), log.table("services"), log.table("steps")
    named = cases.left_join(services, "service_id")
    kept = {name: cases[name] for name in ("case", "opened", "ended", "closed", "steps", "doors")}
    kept |= {name: cases[column] for column, name in log.meta.case_attributes.items()}
    attributes = {name: column for column, name in log.meta.attributes.items() if name not in (*kept, "service")}
    if attributes:
        firsts = steps.group_by("case_id").agg(
            **{f"first_{column}": steps[column].first(order_by=steps.position) for column in attributes.values()}
        )
        named = named.left_join(firsts, "case_id")
        kept |= {name: firsts[f"first_{column}"] for name, column in attributes.items()}
    return named.select(**kept, service=services.service)
