from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config import doors, founding


class Command(BaseCommand):
    help = "Lays the papers of a house (deploy/house.toml is an example); what stands already stays as it is."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("papers", type=Path)

    def handle(self, *args: Any, papers: Path, **options: Any) -> None:
        try:
            laid = founding.lay(papers, at=timezone.now())
        except founding.BadPaper as refused:
            raise CommandError(str(refused)) from refused
        print("The house stands: " + ", ".join(f"{count} {part}" for part, count in laid.items()) + ".")
        if waiting := doors.waiting():
            print("\nThese people have no password yet. Give each the own link; it is good once, within 72 hours:")
        for user in waiting:
            print(f"{user.email}  {doors.of(user)}")
