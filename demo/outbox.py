"""The mails that the embedded default would have sent, newest first, read from the files of the mail stand-in."""

from collections import Counter
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


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one looks at: the mails, whose they are ("" = everybody's), and who has how many, by address."""

    mails: list[Mail]
    to: str
    people: list[tuple[str, int]]


def latest(to: str = "", *, count: int = 100) -> Shelf:
    """The mails to one address or to all, newest first, of the last `count` that were sent."""
    paths = sorted(Path(settings.OUTBOX_DIR).glob("*.eml"), reverse=True)[:count]
    mails = [_read(path) for path in paths]
    people = Counter(mail.to for mail in mails)
    return Shelf([mail for mail in mails if to in ("", mail.to)], to, sorted(people.items()))


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
