import sys
from typing import Any

from django.core.management.base import BaseCommand

from config.engine import auditor, health


class Command(BaseCommand):
    help = "Checks what must always hold, prints a table, and ends with 1 when something does not."
    requires_system_checks = ()

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--all", action="store_true", help="also what reads whole tables")
        parser.add_argument("--live", action="store_true", help="also whether ticker, sweeps and auditor are fresh")

    def handle(self, *args: Any, all: bool, live: bool, **options: Any) -> None:
        findings = auditor.examine(all=all)
        width = max((len(finding.invariant.name) for finding in findings), default=0)
        for finding in findings:
            print(f"{finding.invariant.name:<{width}}  {finding.count:>5}  {finding.invariant.sentence}")
            for row in finding.rows:
                print(f"{'':<{width}}         - {row}")
        troubles = health.troubles() if live else []
        for trouble in troubles:
            print(f"{trouble.part}: {trouble.line}")
        broken = sum(1 for finding in findings if finding.count)
        print(f"{len(findings)} invariants, {broken} broken" + (f", {len(troubles)} troubles" if live else ""))
        if broken or troubles:
            sys.exit(1)
