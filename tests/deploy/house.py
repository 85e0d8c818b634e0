"""A house in production: the image's files, the compose file's own commands and settings, real processes.

Only what differs on this machine is replaced: folders of the container, the port, and the addresses of the servers.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller

from config.engine import broker
from config.engine.leash import leashed
from tests.deploy import compose
from tests.deploy.visitor import SITE, Visitor
from tests.infra import clusters
from tests.infra.processes import until
from tests.notifications.postbox import Postbox, free_port


class House:
    """The house, its servers, and who visits it."""

    def __init__(self, folder: Path, rows: clusters.Cluster, bell: broker.Broker, mail_port: int) -> None:
        self.rows, self.bell, self.postbox, self.port = rows, bell, Postbox(), free_port()
        self.image, self.temporary, self.log = folder / "image", folder / "tmp", folder / "house.log"
        self._moved = {"/srv/house": str(self.image), "/var/lib/gatehouse": str(folder / "data")}
        self._mails = Controller(self.postbox, hostname="127.0.0.1", port=mail_port)
        self.variables = {
            "SITE_URL": SITE, "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOP",
            "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}", "POSTGRES_PASSWORD": "x", "REDIS_PASSWORD": "x",
            "DATABASE_URL": rows.address, "REDIS_URL": bell.url, "WEB_WORKERS": "1", "WORKER_CONCURRENCY": "1",
        }  # fmt: skip
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.server: subprocess.Popen[bytes] | None = None
        self.temporary.mkdir()
        (folder / "data" / "files").mkdir(parents=True)

    def build(self) -> None:
        """What the image's build does after installing: files, words, static files, bytecode."""
        compose.lay_image(self.image)
        subprocess.run([sys.executable, "-m", "compileall", "-q", self.image], check=True)
        environment = self._here(compose.build_environment())
        self._manage(environment, "words", "--compile")
        self._manage(environment, "collectstatic", "--noinput")

    def environment(self, service: str) -> dict[str, str]:
        """What a container of this service would have in its environment."""
        return {**self._here(compose.environment(service, self.variables)), "PORT": str(self.port)}

    def manage(self, service: str, *arguments: str) -> str:
        """`docker compose run --rm SERVICE python manage.py ...`: what it prints."""
        return self._manage(self.environment(service), *arguments)

    def begin(self, service: str) -> None:
        """Start the service's process by the compose file's own command."""
        self._start(service, service, {})

    def is_well(self, service: str, **more: str) -> bool:
        """What the compose file's own health check of the service says."""
        kind, program, *arguments = compose.SERVICES[service]["healthcheck"]["test"]
        assert (kind, program) == ("CMD", "python")
        probe = [sys.executable, *arguments]
        environment = {**self.environment(service), **more}
        return subprocess.run(probe, cwd=self.image, env=environment, capture_output=True).returncode == 0

    def begin_zone(self, role: str) -> Visitor:
        """A web with outside faces only, on the same database under another role; a visitor before it."""
        port = free_port()
        address = self.rows.address.replace("gatehouse@", f"{role}@")
        faces = {"FACES": "storefront,portal,machines", "DATABASE_URL": address, "PORT": str(port)}
        self._start("zone", "web", faces)
        until(lambda: self.is_well("web", **faces), 60)
        return Visitor(port)

    def stop_zone(self) -> None:
        os.killpg(self.running.pop("zone").pid, signal.SIGKILL)

    def stop(self, service: str) -> None:
        """Ask it to end, as `docker stop` does; it ends within its grace, and well."""
        process = self.running.pop(service)
        process.terminate()
        process.wait(int(compose.SERVICES[service]["stop_grace_period"].removesuffix("s")))
        assert process.returncode in (0, -signal.SIGTERM), f"{service} ended with {process.returncode}\n{self.tail()}"

    def visitor(self) -> Visitor:
        return Visitor(self.port)

    def mails_to(self, address: str) -> list[EmailMessage]:
        mails = [message_from_bytes(content, policy=policy.default) for content in self.postbox.contents]
        return [mail for mail in mails if str(mail["To"]) == address]  # type: ignore[misc]

    def tail(self, lines: int = 30) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def ring_again(self) -> None:
        """Start the broker; it remembers nothing."""
        self.server = clusters.start_redis(self.bell)

    def lose_the_bell(self) -> None:
        """End the broker, with all that it held."""
        if self.server:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()
            self.server = None

    def _start(self, name: str, service: str, more: dict[str, str]) -> None:
        program, *arguments = compose.SERVICES[service]["command"]
        assert program == "python"
        with self.log.open("ab") as log:
            self.running[name] = subprocess.Popen(
                leashed([sys.executable, *arguments]), cwd=self.image, env={**self.environment(service), **more},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def _here(self, environment: dict[str, str]) -> dict[str, str]:
        moved = dict(environment)
        for theirs, ours in self._moved.items():
            moved = {name: value.replace(theirs, ours) for name, value in moved.items()}
        return {**compose.bare(), **moved, "TMPDIR": str(self.temporary)}

    def _manage(self, environment: dict[str, str], *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=self.image, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
        return done.stdout

    def __enter__(self) -> "House":
        self._mails.start()
        self.ring_again()
        return self

    def __exit__(self, *error: object) -> None:
        for process in self.running.values():
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.lose_the_bell()
        self._mails.stop()


@contextmanager
def standing(folder: Path) -> Iterator[House]:
    """A built house with servers of its own; nothing of it runs yet. Raises Unavailable."""
    with ExitStack() as stack:
        rows = stack.enter_context(clusters.cluster())
        here = House(folder, rows, broker.private(clusters.redis_program()), free_port())
        here.build()
        yield stack.enter_context(here)


def opened(house: House) -> None:
    """Migrations first, then everybody, as `depends_on` says; all are well."""
    house.begin("migrate")
    assert house.running.pop("migrate").wait(120) == 0, house.tail()
    for service in ("web", "worker", "ticker"):
        assert compose.SERVICES[service]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
        house.begin(service)
    for service in ("web", "worker", "ticker"):
        until(lambda service=service: house.is_well(service), 60)
