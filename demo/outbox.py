"""The mails that the embedded default would have sent, newest first, read from the files of the mail stand-in."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Mail:
    """One sent mail. `name` is its file's name."""

    name: str
    to: str
    sender: str
    subject: str
    sent_at: datetime
    body: str


def latest(count: int = 100) -> list[Mail]:
    """The last `count` mails, newest first."""
    return [_read(path) for path in sorted(Path(settings.OUTBOX_DIR).glob("*.eml"), reverse=True)[:count]]


def _read(path: Path) -> Mail:
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    body = mail.get_body(("plain",))
    return Mail(
        name=path.stem,
        to=str(mail["To"]),
        sender=str(mail["From"]),
        subject=str(mail["Subject"]),
        sent_at=datetime.fromtimestamp(int(path.stem.split("-")[0]) / 1e9, UTC),
        body=body.get_content() if body else "",
    )
