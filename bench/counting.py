"""How many statements something sends: what Django's cursors are given, SAVEPOINT included, BEGIN and COMMIT not."""

from collections.abc import Callable

from django.db import connection


def statements(work: Callable[[], object]) -> int:
    """The statements of one run of `work`, on the one connection of this process."""
    sent = 0

    def count(execute: Callable[..., object], *call: object) -> object:
        nonlocal sent
        sent += 1
        return execute(*call)

    with connection.execute_wrapper(count):
        work()
    return sent
