"""The rows around one ticket: what it is about, who works at its desk, what was asked of R&D, and why an engineer.

The ticket with its customer, and what it is about, are two statements: the plan of one with all their tables takes
the database ten times as long as both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any, NamedTuple

from django.db.models import QuerySet

from desk.models import Decision, HelpRequest, Work
from duty.models.inside import Engineer
from kit.questions import Question, Slot, word
from kit.verbs import Actor
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Choice:
    """Why an engineer: who was on duty, and what spoke against each."""

    at: datetime
    because: str
    chosen: str
    considered: tuple[tuple[str, str], ...]
    """(name, objection or empty) of everybody on duty."""


class Answered(NamedTuple):
    """What R&D told the desk."""

    body: str
    workaround: str
    fixed_in: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A help request, and what came back."""

    reference: str
    title: str
    state: str
    asked_by: str
    due_at: datetime
    is_looked_at: bool
    answers: list[Answered]


def work_of(reference: str, user: Actor) -> Work:
    """With its ticket, customer, plan, and what it is about. Raises Work.DoesNotExist."""
    work = _WORK.first(user=user.pk, reference=reference)
    if work is None:
        raise Work.DoesNotExist
    about = _ABOUT.ask(ticket=work.ticket_id)[0]
    work.ticket.category, work.ticket.asset = about.category, about.asset
    return work


def version_of(reference: str, user: Actor) -> tuple[int, int]:
    """How often the work changed and how many facts there are. Raises Work.DoesNotExist."""
    found: tuple[int, int] | None = _VERSION.first(user=user.pk, reference=reference)
    if found is None:
        raise Work.DoesNotExist
    return found


def crew_of(work: Work) -> list[Engineer]:
    """Everybody at the desk, with their names. The engineer who has the work is among them from now on."""
    crew = _CREW.ask(desk=work.desk_id)
    for one in crew:
        if one.pk == work.engineer_id:
            work.engineer = one
    return crew


def help_of(work: Work) -> list[Asked]:
    """What was asked of R&D, with the answers."""
    found: dict[str, Asked] = {}
    for reference, title, state, asked_by, due_at, looked_at, *answer in _HELP.ask(work=work.pk):
        asked = found.setdefault(reference, Asked(reference, title, state, asked_by, due_at, looked_at is not None, []))
        if answer[0] is not None:
            asked.answers.append(Answered(*answer))
    return list(found.values())


def choice_of(work: Work, names: Mapping[int, str]) -> Choice | None:
    """The last decision about who should take it."""
    last = _DECISION.first(work=work.pk)
    if last is None:
        return None
    considered = tuple((names.get(one["engineer"], ""), one["objection"] or "") for one in last.considered)
    chosen = names.get(last.chosen_id or 0, "")
    return Choice(at=last.at, because=last.because, chosen=chosen, considered=considered)


def _works() -> QuerySet[Work]:
    reader = SimpleNamespace(pk=Slot("user"))
    works = Work.objects.visible_to(reader)  # type: ignore[arg-type]
    return works.filter(ticket__reference=word("reference"))


_WORK: Question[Work] = Question(
    lambda: _works().select_related("ticket__organization", "ticket__opened_by", "ticket__entitlement")
)
_VERSION: Question[Any] = Question(lambda: _works().values_list("version", "ticket__last_n"))
_ABOUT: Question[Any] = Question(
    lambda: Ticket.objects.filter(pk=Slot("ticket")).select_related("asset__product", "category__product")
)
_CREW: Question[Engineer] = Question(
    lambda: (
        Engineer.objects.filter(desk_id=Slot("desk"))
        .select_related("user")
        .only("desk_id", "user_id", "is_lead", "user__name")
    )
)
_HELP: Question[Any] = Question(
    lambda: HelpRequest.objects.filter(work_id=Slot("work"))
    .order_by("pk", "answers__pk")
    .values_list(
        "reference", "title", "state", "asked_by__name", "due_at", "looked_at", "answers__body", "answers__workaround",
        "answers__fixed_in",
    )
)  # fmt: skip
_DECISION: Question[Decision] = Question(lambda: Decision.objects.filter(work_id=Slot("work")).order_by("-pk")[:1])
