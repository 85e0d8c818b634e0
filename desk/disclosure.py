"""What leaves the desk for its own people's notices. Inside words: none of these types reaches an outsider."""

from datetime import datetime

from desk.models import HelpRequest, Work
from kit.projection import projection
from promises.faults import Fault


@projection
class Alert:
    """Something about one ticket that an engineer or a manager should know now."""

    reference: str
    subject: str
    severity: int
    organization: str
    link: str
    at: datetime
    by_at: datetime | None = None
    """The moment that matters: until when to acknowledge, or when the promise ends or ended."""
    promise: str = ""
    percent: int = 0
    is_late: bool = False
    """Told after an outage, later than it became true."""
    reason: str = ""


@projection
class HelpAnswered:
    """R&D answered a help request of the desk."""

    reference: str
    request: str
    title: str
    link: str


@projection
class NoDeadline:
    """A ticket got no deadline because of how a policy or its calendar stands. `reason` is a promises.faults.Reason."""

    reference: str
    reason: str
    policy: str
    severity: int
    calendar: str
    link: str


def fault(work: Work, cause: Fault) -> NoDeadline:
    """The first ticket that a wrong configuration has cost its deadline, and where it is put right."""
    return NoDeadline(
        reference=work.ticket.reference, reason=cause.reason, policy=cause.policy, severity=cause.severity,
        calendar=cause.calendar, link="/office/policies/",
    )  # fmt: skip


def alert(
    work: Work, at: datetime, *, by_at: datetime | None = None, promise: str = "", percent: int = 0,
    is_late: bool = False, reason: str = "",
) -> Alert:  # fmt: skip
    """`work` comes with its ticket and the ticket's organization."""
    ticket = work.ticket
    return Alert(
        reference=ticket.reference, subject=ticket.subject, severity=work.severity,
        organization=ticket.organization.name, link=link(ticket.reference), at=at, by_at=by_at, promise=promise,
        percent=percent, is_late=is_late, reason=reason,
    )  # fmt: skip


def help_answered(request: HelpRequest) -> HelpAnswered:
    ticket = request.work.ticket
    return HelpAnswered(
        reference=ticket.reference, request=request.reference, title=request.title, link=link(ticket.reference)
    )


def link(reference: str) -> str:
    return f"/desk/tickets/{reference}/"
