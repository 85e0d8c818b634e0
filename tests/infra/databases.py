"""A database of one's own, for tests whose processes are real and so cannot share a test's transaction."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import dj_database_url
import psycopg

ROOT = Path(__file__).resolve().parents[2]


class Database:
    """A database on the suite's server, or in a file; `environment` makes a process of the house use it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.is_postgres = url.startswith("postgres")
        self.environment = {
            **os.environ,
            "DATABASE_URL": url,
            "DATA_DIR": str(folder),
            "EMBEDDED": "true",
            "PYTHONUNBUFFERED": "1",
        }

    @property
    def name(self) -> str:
        """Of the database on its server, or the path of its file."""
        return urlsplit(self.url).path[1:] if self.is_postgres else self.url.removeprefix("sqlite:///")

    def manage(self, *arguments: str) -> str:
        """Run a command of the house on this database; its output. Fails, with the output, when the command fails."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a stranger to the house would read."""
        if self.is_postgres:
            with psycopg.connect(**parameters(self.url), autocommit=True) as session:
                return session.execute(sql).fetchall()
        with closing(sqlite3.connect(self.name, timeout=20)) as session:
            return session.execute(sql).fetchall()


@contextmanager
def private_database(folder: Path, template: Database | None = None) -> Iterator[Database]:
    """On PostgreSQL where DATABASE_URL names one, else a file in `folder`. Dropped afterwards, whoever is connected.

    It begins empty, or as a copy of `template`, to which nobody may be connected then.
    """
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith("postgres"):
        database = Database(f"sqlite:///{folder}/private.sqlite3", folder)
        if template:
            shutil.copy(template.name, database.name)
        yield database
        return
    name = f"private_{uuid4().hex[:12]}"
    with psycopg.connect(**parameters(server), autocommit=True) as session:
        session.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {template.name}" if template else ""))
        try:
            yield Database(urlsplit(server)._replace(path=f"/{name}").geturl(), folder)
        finally:
            session.execute(f"DROP DATABASE {name} WITH (FORCE)")


def parameters(url: str) -> dict[str, Any]:
    """What psycopg wants to know, from an address."""
    parsed = dj_database_url.parse(url)
    names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password", "NAME": "dbname"}
    return {theirs: parsed[ours] for ours, theirs in names.items() if parsed[ours]}
