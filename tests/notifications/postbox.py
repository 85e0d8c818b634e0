"""A real SMTP server in a thread: it takes mail, refuses it, drops the line, or answers late, as a test wants."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Postbox:
    """What arrived, and how the server behaves: `takes`, `refuses`, `drops`, or `is_late` by `seconds`."""

    behaviour: str = "takes"
    seconds: float = 0
    envelopes: list[Envelope] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.behaviour == "refuses":
            return "451 4.7.1 come back later"
        self.envelopes.append(envelope)
        if self.behaviour == "drops":
            server.transport.close()
        if self.behaviour == "is_late":
            time.sleep(self.seconds)
        return "250 taken"

    @property
    def contents(self) -> list[bytes]:
        return [bytes(envelope.content or b"") for envelope in self.envelopes]


@contextmanager
def listening(settings, behaviour: str = "takes", seconds: float = 0) -> Iterator[Postbox]:
    """A postbox at a free port, and mail sent there by Django's own SMTP backend."""
    postbox = Postbox(behaviour, seconds)
    controller = Controller(postbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    settings.EMAIL_TIMEOUT = 1
    try:
        yield postbox
    finally:
        controller.stop()


def free_port() -> int:
    """A port at which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def headers(content: bytes) -> dict[str, str]:
    """The headers of a mail that arrived."""
    head = content.split(b"\r\n\r\n")[0].decode()
    return {name: value for name, _, value in (line.partition(": ") for line in head.split("\r\n"))}
