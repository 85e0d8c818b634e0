"""What must always hold, said as a query. Each app lists its own in `invariants.py`; the engine's auditor asks them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Invariant:
    """One rule, and how to find what breaks it: `sql`, or a `check` in Python where a replay is needed.

    The query returns the offending rows; none means that the rule holds. The first column names the row to a person.
    It is run as it stands, so `%` is not doubled. A check yields one line for each offence, reads only,
    and opens no transaction.
    """

    name: str
    """In the manner of a test: `one_live_offer_or_owner`. Unique in the house."""
    sentence: str
    """The rule in plain words, as the audit's table prints it."""
    sql: str = ""
    sql_sqlite: str = ""
    """The same question where SQLite needs other words."""
    check: Callable[[], Iterable[str]] | None = None
    is_cheap: bool = True
    """Costs O(due): asked every minute. What reads whole tables is asked by `manage.py audit --all` only."""

    def __post_init__(self) -> None:
        if bool(self.sql) == bool(self.check):
            raise ValueError(f"{self.name}: either sql or a check")

    def query(self, vendor: str) -> str:
        """The query for this database."""
        return self.sql_sqlite if vendor == "sqlite" and self.sql_sqlite else self.sql
