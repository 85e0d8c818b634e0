import os
import signal
import socket
import threading
import time
import urllib.request
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from config.engine import broker, programs
from config.engine.supervisor import Child, PortTaken, Supervisor, take_port
from config.words import compile_messages

WEB_SECONDS = 60


class Command(BaseCommand):
    help = "The whole house with one command: database, cast, broker, web, worker and ticker at http://localhost:PORT."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--follow-parent", action="store_true", help="stop when the process that started this ends")

    def handle(self, *args: Any, follow_parent: bool, **options: Any) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # until the supervisor runs there is nothing to stop in order
        parent = os.getppid() if follow_parent else None
        for place in taken():
            place.close()  # free again while the house is prepared: nobody should wait at a door that opens in a minute
        compile_messages()
        call_command("migrate", interactive=False, verbosity=0)
        people = StringIO()
        if "demo" in settings.INSTALLED_APPS:
            call_command("demo", stdout=people)
        connections.close_all()
        bell = broker.choose()
        sockets = taken()
        house = Supervisor(children(bell, tuple(place.fileno() for place in sockets)), follows=parent)
        house.say(bell.says)
        threading.Thread(target=welcome, args=(house, people.getvalue()), daemon=True).start()
        house.run()


def taken() -> list[socket.socket]:
    """The port of this house, listening. A busy one ends the command with a sentence."""
    try:
        return take_port(settings.PORT)
    except (PortTaken, OSError) as error:
        raise CommandError(str(error)) from error


def children(bell: broker.Broker, sockets: tuple[int, ...]) -> list[Child]:
    """The processes of the embedded house, in the order in which they stop."""
    environment = {"REDIS_URL": bell.url, "DATA_DIR": str(settings.DATA_DIR)}
    web = programs.web([f"fd://{number}" for number in sockets], workers=1, threads=8)
    quiet = {**environment, "PYTHONWARNINGS": "ignore:No directory at"}  # static files are found where they stand
    house = [Child("web", web, quiet, sockets=sockets)]
    if bell.url:
        house.append(Child("worker", programs.worker(pool="threads", concurrency=2), environment))
    house.append(Child("ticker", programs.ticker(), environment))
    if bell.command:
        house.append(Child("broker", bell.command, stdin=bell.configuration))
    return house


def welcome(house: Supervisor, people: str) -> None:
    """As soon as web answers: where the house stands, and who can sign in."""
    until = time.monotonic() + WEB_SECONDS
    while not answers():
        if time.monotonic() > until:
            house.say(f"web does not answer at {settings.SITE_URL} yet; its lines above say why")
            return
        time.sleep(0.2)
    house.say(f"\n{people}\nGatehouse stands at {settings.SITE_URL}   (Ctrl-C stops it, data in {settings.DATA_DIR})\n")


def answers() -> bool:
    """Whether our web process serves `/healthz` now."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{settings.PORT}/healthz", timeout=5) as reply:
            return bool(reply.status == 200)
    except OSError:
        return False
