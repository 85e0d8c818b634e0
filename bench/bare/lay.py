"""Lay the tables of the bare project: `python -m bench.bare.lay`."""

import os

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare.settings"
    django.setup()
    from django.apps import apps
    from django.db import connection
    from django.utils import timezone

    with connection.schema_editor() as schema:
        for model in apps.get_app_config("bare").get_models():
            schema.create_model(model)
    now, ticket = timezone.now(), apps.get_model("bare", "Ticket")
    ticket.objects.bulk_create(
        ticket(
            reference=f"{number}", organization=1, opened_by=1, subject="Nodes NotReady", state="open", severity=3,
            language="en", owner="", opened_at=now, changed_at=now,
        )
        for number in range(1000)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
