from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.models.inside import Team
from config import doors, founding


class Command(BaseCommand):
    help = "Makes somebody an operator of the house and prints a link, good once, by which they choose a password."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="")
        parser.add_argument("--language", default="en")
        parser.add_argument("--timezone", default="UTC")

    def handle(self, *args: Any, email: str, name: str, language: str, timezone: str, **options: Any) -> None:
        known = User.objects.filter(email__iexact=email).first()
        if known and not known.is_inside:
            raise CommandError(f"{email} is a customer's or vendor's address; people of the house need another one.")
        kinds: list[str] = [Team.Kind.OPERATIONS]
        user = founding.employ(email, name=name or email, kinds=kinds, language=language, timezone=timezone)
        print(doors.of(user))
