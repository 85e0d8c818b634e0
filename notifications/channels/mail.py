"""E-mail by the configured SMTP server. Message-ID and Date are the notice's own and stay the same at every attempt."""

from email.utils import format_datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from notifications.channels import Failed
from notifications.disclosure import Letter

LIMIT: int | None = 300


def send(letter: Letter) -> None:
    """Send one mail to one person. Raises Failed when the server refuses or cannot be reached."""
    mail = EmailMessage(
        subject=letter.subject,
        body=letter.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[letter.address],
        headers={
            "Date": format_datetime(letter.written_at),
            "Message-ID": f"<{letter.message_id}@{settings.MAIL_DOMAIN}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": letter.language,
        },
    )
    try:
        mail.send()
    except (SMTPException, OSError, ValueError) as error:
        raise Failed(f"{type(error).__name__}: {error}") from error


def check() -> str:
    """A sentence when the mail server cannot be reached, else nothing."""
    try:
        with get_connection():
            return ""
    except (SMTPException, OSError) as error:
        return str(error)
