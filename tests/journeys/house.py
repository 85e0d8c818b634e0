"""A real house for the journeys: `manage.py run` with nothing set, in a folder and at a port of its own."""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from tests.infra.processes import until
from tests.notifications.postbox import free_port

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120
OURS = ("DATABASE_URL", "REDIS_URL", "SITE_URL", "EMAIL_URL", "FACES", "DJANGO_SETTINGS_MODULE", "SECRET_KEY",
        "DEMO_TICKETS")  # fmt: skip
"""What the suite has set for itself; the embedded default has none of it."""


@dataclass(frozen=True, slots=True)
class House:
    """A running house."""

    url: str
    folder: Path
    environment: dict[str, str]

    def mails_to(self, address: str) -> list[EmailMessage]:
        """What was sent to somebody, the oldest first."""
        mails = [
            message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in sorted((self.folder / "outbox").glob("*.eml"))
        ]
        return [mail for mail in mails if str(mail["To"]) == address]  # type: ignore[misc]

    def shell(self, code: str) -> str:
        """What a person with a shell in this house reads or changes."""
        command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", code]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@contextmanager
def running(folder: Path) -> Iterator[House]:
    """The whole house with its demo world until the block ends; its lines stand in `house.log`."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    environment |= {"DATA_DIR": str(folder), "PORT": str(port), "EMBEDDED": "true"}
    with (folder / "house.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "run", "--follow-parent"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            house = House(f"http://localhost:{port}", folder, environment)
            until(lambda: process.poll() is not None or _answers(house), START_SECONDS)
            assert process.poll() is None, (folder / "house.log").read_text()
            yield house
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _answers(house: House) -> bool:
    try:
        return urllib.request.urlopen(f"{house.url}/healthz", timeout=2).status == 200
    except OSError:
        return False
