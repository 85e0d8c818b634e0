"""A mail server in a box: each mail becomes one file, named by the moment and the Message-ID."""

import time
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

LATE_SECONDS = 3600
"""A mail that was written so long ago is filed under the moment of its Date, as a mailbox sorts it."""


class Outbox(BaseEmailBackend):
    """Writes each mail to `OUTBOX_DIR`, whole or not at all; one sent twice under its Message-ID leaves two files."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.OUTBOX_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            message = mail.message()
            name = "".join(c if c.isalnum() else "-" for c in str(message["Message-ID"]).strip("<>").split("@")[0])
            path = folder / f"{_moment(str(message['Date']))}-{name}.eml"
            draft = path.with_suffix(".part")
            draft.write_bytes(message.as_bytes())
            draft.rename(path)
        return len(email_messages)


def _moment(date: str) -> int:
    """Under which nanosecond a mail is filed."""
    written = parsedate_to_datetime(date).timestamp()
    now = time.time_ns()
    return int(written * 1e9) + now % 10**9 if now / 1e9 - written > LATE_SECONDS else now
