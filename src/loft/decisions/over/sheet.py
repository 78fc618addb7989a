"""The log as it grows by hidden columns while a rule is written out over it."""

from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir

from loft.decisions.over.known import Known

HIDDEN = "__loft_"


@dataclass
class Sheet:
    """The log as it grows by hidden columns, and what each name of the rule is in it."""

    table: ir.Table
    scope: dict[str, Known]
    made: int = 0

    def keep(self, value: ir.Value) -> ir.Value:
        """*value* as a column, so that it is calculated once."""
        self.made += 1
        name = f"{HIDDEN}{self.made}"
        self.table = self.table.mutate(**{name: value})
        return self.table[name]

    def fence(self) -> None:
        """Have what is kept so far calculated before what follows.

        PostgreSQL would otherwise write each kept column out again wherever it is used, and so on all the way down; it leaves a query with
        a random column as it is.
        """
        backends, _ = self.table._find_backends()
        if any(backend.name == "postgres" for backend in backends):
            self.keep(ibis.random())

    def kept(self, value: Known) -> Known:
        """A value whose parts are columns."""
        column = value.value if _stored(value.value) else self.keep(value.value)
        if value.full and value.known is not None and _only_null(value):
            return replace(value, value=column, known=column.notnull())
        known = value.known if value.known is None or _stored(value.known) else self.keep(value.known)
        return replace(value, value=column, known=known)


def _stored(value: ir.Value) -> bool:
    return type(value.op()).__name__ == "Field"


def _only_null(value: Known) -> bool:
    """Whether it is not known just where it is NULL."""
    assert value.known is not None
    return bool(value.known.op() == value.value.notnull().op())
