"""`manage.py demo`: lay the demo world if it does not stand yet, and say who can sign in."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from demo import cast, world


class Command(BaseCommand):
    help = "Lay the demo world (people, desks, plans, orders, the tickets of the last weeks) and print who can sign in."

    def handle(self, *args: Any, **options: Any) -> None:
        world.lay(timezone.now())
        self.stdout.write(f"Password of everybody: {cast.PASSWORD}")
        for line in cast.introduce():
            self.stdout.write("  " + line)
