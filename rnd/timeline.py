"""One investigation as its page shows it: the request in the desk's words, remarks and findings by time."""

from dataclasses import dataclass
from datetime import datetime

from kit.templatetags.look import named
from kit.verbs import Actor
from rnd.models import Investigation


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline. `kind`: asked, remark or finding."""

    kind: str
    at: datetime
    by: str
    is_mine: bool
    body: str
    workaround: str = ""
    fixed_in: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What R&D knows of the matter. Nothing here names or leads to a ticket or a customer (DESIGN 9.1)."""

    reference: str
    state: str
    is_open: bool
    title: str
    severity: int
    topic: str
    group: str
    request: str
    """The reference under which the desk talks about it."""
    asked_by: str
    asked_at: datetime
    due_at: datetime
    seconds_left: int
    used: int
    """Percent of the time to answer that has passed."""
    taken_by: str
    is_mine: bool
    answered_at: datetime | None
    symptom: str
    environment: str
    tried: str
    question: str
    entries: tuple[Entry, ...]

    @property
    def version(self) -> str:
        return f"{self.state}-{self.taken_by}-{len(self.entries)}"


def show(reference: str, user: Actor, *, at: datetime) -> Page:
    """The page of one investigation. Raises Investigation.DoesNotExist for another group's as for a missing one."""
    row = (
        Investigation.objects.visible_to(user)
        .select_related("request", "request__asked_by", "group", "taken_by")
        .get(reference=reference)
    )
    request = row.request
    remarks = [
        Entry("remark", said.at, said.by.name, said.by_id == user.pk, said.body)
        for said in row.remarks.select_related("by")
    ]
    findings = [
        Entry("finding", said.at, said.by.name, said.by_id == user.pk, said.body, said.workaround, said.fixed_in)
        for said in row.findings.select_related("by")
    ]
    return Page(
        reference=row.reference, state=row.state, is_open=row.state == Investigation.State.OPEN,
        title=request.title, severity=request.severity, topic=request.topic, group=named(row.group),
        request=request.reference, asked_by=request.asked_by.name, asked_at=request.asked_at, due_at=request.due_at,
        seconds_left=int((request.due_at - at).total_seconds()), used=row.used(at),
        taken_by=row.taken_by.name if row.taken_by else "",
        is_mine=row.taken_by_id == user.pk, answered_at=row.answered_at, symptom=request.symptom,
        environment=request.environment, tried=request.tried, question=request.question,
        entries=tuple(sorted([*remarks, *findings], key=lambda entry: entry.at)),
    )  # fmt: skip
