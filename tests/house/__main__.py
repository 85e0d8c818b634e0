"""Print every problem of the tree, a line each, as `<check>: <problem>`; exit 1 when there is one."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from tests.house import addresses, facts, tables, writers  # noqa: E402

problems = [
    f"{check.__name__}: {problem}"
    for module in (tables, facts, addresses, writers)
    for check in module.CHECKS
    for problem in check()
]
print("\n".join(problems) or "the house is in order")
sys.exit(bool(problems))
