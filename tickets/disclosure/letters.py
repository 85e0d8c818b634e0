"""The payloads of notices to customers: everything that a letter says, and nothing else (DESIGN 13)."""

from datetime import datetime

from kit.projection import projection
from talk.models import Message
from tickets.disclosure.status import address
from tickets.models import Ask, Clock, Ticket


@projection
class Opened:
    """It has arrived: what is promised, until when."""

    reference: str
    subject: str
    link: str
    severity: int
    answer_due_at: datetime | None
    is_unsettled: bool


@projection
class Replied:
    """The desk has answered."""

    reference: str
    subject: str
    link: str
    persona: str
    persona_zh: str
    body: str


@projection
class Asked:
    """The desk has asked; the clocks wait."""

    reference: str
    subject: str
    link: str
    persona: str
    persona_zh: str
    body: str


@projection
class Reminded:
    """A question still waits; `ends_at` is when silence will end the ticket, None = a person decides."""

    reference: str
    subject: str
    link: str
    persona: str
    persona_zh: str
    body: str
    ends_at: datetime | None


@projection
class Solved:
    """The desk says that it is done, or, `because` of "silence", time does; `closes_at` is when silence closes it."""

    reference: str
    subject: str
    link: str
    persona: str
    persona_zh: str
    body: str
    closes_at: datetime | None
    because: str


def opened(ticket: Ticket, first: Clock | None) -> Opened:
    return Opened(
        reference=ticket.reference, subject=ticket.subject, link=address(ticket.reference), severity=ticket.severity,
        answer_due_at=first.due_at if first else None, is_unsettled=ticket.is_unsettled,
    )  # fmt: skip


def replied(ticket: Ticket, message: Message) -> Replied:
    return Replied(
        reference=ticket.reference, subject=ticket.subject, link=address(ticket.reference), persona=message.persona,
        persona_zh=message.persona_zh, body=message.body,
    )  # fmt: skip


def asked(ticket: Ticket, message: Message) -> Asked:
    return Asked(
        reference=ticket.reference, subject=ticket.subject, link=address(ticket.reference), persona=message.persona,
        persona_zh=message.persona_zh, body=message.body,
    )  # fmt: skip


def reminded(ticket: Ticket, ask: Ask) -> Reminded:
    message = ask.message
    return Reminded(
        reference=ticket.reference, subject=ticket.subject, link=address(ticket.reference), persona=message.persona,
        persona_zh=message.persona_zh, body=message.body, ends_at=ask.ends_at,
    )  # fmt: skip


def solved(ticket: Ticket, message: Message | None, *, because: str = "") -> Solved:
    return Solved(
        reference=ticket.reference, subject=ticket.subject, link=address(ticket.reference),
        persona=message.persona if message else "", persona_zh=message.persona_zh if message else "",
        body=message.body if message else "", closes_at=ticket.closes_at,
        because=because,
    )  # fmt: skip
