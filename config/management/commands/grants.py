from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from config.engine import grants


class Command(BaseCommand):
    help = "Prints the SQL that gives a database role what a process with outside faces only needs, and nothing more."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("role")

    def handle(self, *args: Any, role: str, **options: Any) -> None:
        if not settings.IS_INSIDE:
            raise CommandError("Run this in a process with all faces: this one does not know the tables to keep out.")
        if connection.vendor != "postgresql":
            raise CommandError("Roles are a matter of PostgreSQL; this house stands on SQLite.")
        for statement in grants.statements(role):
            print(statement)
