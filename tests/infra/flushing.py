"""As a pytest plugin: on SQLite a test with real transactions may empty the append-only books when it ends.

Django empties tables there by DELETE, which the triggers of the books refuse; PostgreSQL truncates, which they allow.
"""

from django.db.backends.sqlite3.base import DatabaseOperations

_flush = DatabaseOperations.sql_flush


def _flush_without_triggers(self, style, tables, **options):
    with self.connection.cursor() as cursor:
        cursor.execute("SELECT name, sql, tbl_name FROM sqlite_master WHERE type = 'trigger'")
        triggers = [(name, sql) for name, sql, table in cursor.fetchall() if table in tables]
    away, back = [f"DROP TRIGGER {name}" for name, _ in triggers], [sql for _, sql in triggers]
    return [*away, *_flush(self, style, tables, **options), *back]


def pytest_configure() -> None:
    DatabaseOperations.sql_flush = _flush_without_triggers
