"""A house with many tickets: one is filed by the verbs, the others are its copies by SQL."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection, models
from django.utils import timezone

from bench.control import Laboratory
from config.engine import ticker
from demo import duty, world
from desk.models import Work
from duty.actions import rosters
from duty.models import Desk
from duty.models.inside import Engineer
from talk.models import Message, Thread
from tests.infra import call
from tests.infra.databases import Database, parameters
from tickets.models import Clock, Fact, Ticket

DAY = 86_400
COPY = "B-"
"""How the references of copies begin."""
WORLD = "world"
"""The database of which every house begins as a copy: the demo world with one ticket, its consequences drawn."""


@contextmanager
def house(here: Laboratory, name: str, tickets: int, *, is_taken_in: bool = True) -> Iterator[Database]:
    """A database of the laboratory with so many tickets in it, for the time of the block. See `fill`."""
    name = name.lower()
    with psycopg.connect(**parameters(f"{here.address}/postgres"), autocommit=True) as session:
        if not session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [WORLD]).fetchone():
            session.execute(f"CREATE DATABASE {WORLD}")
            world = _database(here, WORLD)
            world.manage("migrate", "-v0")
            call.answer(call.begin(world.environment, "bench.stock:lay"))
        session.execute(f"CREATE DATABASE {name} TEMPLATE {WORLD}")
        try:
            database = _database(here, name)
            call.answer(call.begin(database.environment, "bench.stock:fill", tickets, is_taken_in))
            yield database
        finally:
            session.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _database(here: Laboratory, name: str) -> Database:
    database = Database(f"{here.address}/{name}", here.folder)
    database.environment |= here.environment(name, DEMO_TICKETS="1", LOG_LEVEL="ERROR")
    return database


def lay() -> None:
    """The demo world with one ticket, at whose desk everybody is on duty around the clock."""
    world.lay(timezone.now())
    desk = Desk.objects.get(slug=duty.DESK)
    people = list(Engineer.objects.filter(desk=desk, cap__gt=0).values_list("pk", flat=True))
    always = {"priority": 9, "people": people, "window": {"days": list(range(7)), "start": 0, "end": 1440}}
    rosters.publish(desk, "Around the clock", layers=[always], valid_from=duty.SINCE, timezone="UTC")
    ticker.run_once()


def fill(tickets: int, is_taken_in: bool) -> int:
    """Copy the one ticket until there are so many, each with its work in the pool or, not taken in, with none.

    The copies have the numbers that follow the pilot's.
    """
    pilot = Ticket.objects.select_related("thread").get()
    count = tickets - 1
    if not count:
        return 1
    spread = f"interval '1 second' * (g * 37 % {30 * DAY})"
    thread, ticket = _copies(Thread, pilot.thread_id, count), f"{pilot.pk} + g"
    changes = {"id": ticket, "thread_id": thread, "reference": f"'{COPY}' || g", "source_key": "NULL"}
    moments = dict.fromkeys(("opened_at", "last_said_at"), f"opened_at - {spread}")
    _copy(Ticket, pilot.pk, count, {**changes, **moments})
    for fact in Fact.objects.filter(ticket=pilot):
        _copy(Fact, fact.pk, count, {"ticket_id": ticket})
    for clock in Clock.objects.filter(ticket=pilot):
        later = {column: f"{column} + interval '1 day' + {spread}" for column in ("due_at", "fires_at")}
        _copy(Clock, clock.pk, count, {"ticket_id": ticket, **later})
    if is_taken_in:
        work = Work.objects.get(ticket=pilot)
        in_pool = {"state": "'pool'", "engineer_id": "NULL", "due_at": f"due_at + interval '1 day' + {spread}"}
        _copy(Work, work.pk, count, {"ticket_id": ticket, **in_pool})
    for message in Message.objects.filter(thread=pilot.thread):
        _copy(Message, message.pk, count, {"thread_id": thread, "reference": "'N-' || g"})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return Ticket.objects.count()


def _copies(model: type[models.Model], pk: int, count: int) -> str:
    """Copy a row under the numbers that follow it; the SQL of the number of copy `g`."""
    number = f"{pk} + g"
    _copy(model, pk, count, {"id": number})
    return number


def _copy(model: type[models.Model], pk: int, count: int, changes: dict[str, str]) -> None:
    """Insert `count` copies of the row `pk`; `changes` says in SQL, with `g` counting from 1, what differs."""
    columns = [field.column for field in model._meta.concrete_fields]
    if "id" not in changes:
        columns.remove("id")
    table, names = model._meta.db_table, ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(changes.get(column, f'"{column}"') for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}, generate_series(1, {count}) g WHERE id = {pk}"
        )
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
