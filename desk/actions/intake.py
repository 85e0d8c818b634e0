"""From public facts to inside consequences. Facts are written by people outside; what they mean here is drawn here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from desk import disclosure
from desk.actions import crew
from desk.models import Firing, Note, Offer, Work
from kit.later import later
from kit.questions import Among, Question
from kit.rows import Change, Insert, Update
from notifications.actions import notices
from notifications.models.notices import NoticeRow
from tickets.models import Clock, Fact, Rating, Ticket

Kind = Fact.Kind
WORDS = (Kind.CUSTOMER_MESSAGE, Kind.ANSWERED, Kind.REOPENED)
"""Facts after which it may be the desk's turn again."""


@dataclass(slots=True)
class Intake:
    """One ticket's work, locked, with its facts whose consequences nobody has drawn yet."""

    work: Work
    facts: list[Fact]

    @property
    def is_arrival(self) -> bool:
        """Whether nothing has happened but that the ticket came, and its work was made of just that."""
        return self.work.version == 0 and [fact.n for fact in self.facts] == [self.work.ticket.last_n] == [1]


def waiting(*, limit: int) -> list[int]:
    """Tickets with facts whose consequences nobody has drawn, those of the oldest facts first."""
    facts = Fact.objects.filter(taken_at=None).order_by("pk").values_list("ticket_id", flat=True)
    return list(dict.fromkeys(facts[:limit]))


def begin(tickets: Sequence[int], *, at: datetime) -> list[Intake]:
    """Lock the works of these tickets and read what is new, those of the oldest facts first. Two statements.

    Facts are read after their works are locked, and the tickets in the same statement: a ticket is as new as its
    facts. Tickets of which nothing is new are left out.
    """
    works = {work.ticket_id: work for work in Work.objects.taken_hold_of(tickets, at)}
    begun: dict[int, Intake] = {}
    for fact in _NEWS.ask(tickets=works):
        if fact.ticket_id not in begun:
            work = works[fact.ticket_id]
            work.ticket, work.desk = fact.ticket, fact.ticket.desk
            begun[fact.ticket_id] = Intake(work, [])
        begun[fact.ticket_id].facts.append(fact)
    return list(begun.values())


_NEWS: Question[Fact] = Question(
    lambda: (
        Fact.objects.filter(Among("ticket_id", "tickets"), taken_at=None)
        .select_related("ticket__organization", "ticket__desk__owner")
        .order_by("pk")
    )
)


def arrived(intakes: Sequence[Intake], *, at: datetime) -> list[Change]:
    """The consequences of having come: a line in the timeline, and the fact is taken."""
    facts = [fact for intake in intakes for fact in intake.facts]
    for fact in facts:
        fact.taken_at = at
    notes = [Note(work=intake.work, kind=Note.Kind.TAKEN_IN, at=intake.facts[0].at) for intake in intakes]
    return [Insert(notes), Update(facts, ["taken_at"])]


def draw(work: Work, facts: Sequence[Fact], *, at: datetime) -> None:
    """Draw what `facts` mean for `work`, copy what is public now, and mark them taken."""
    copy(work, at=at)  # after the facts were read: the rows are as new as these facts, or newer
    Note.objects.bulk_create(note for fact in facts for note in _notes(work, fact))
    _record_unfired(work, facts, at)
    if work.ticket.is_over():
        end(work, at=at)
    elif work.ticket.state == Ticket.State.OPEN and any(fact.kind in WORDS for fact in facts):
        _customer_acted(work, at)
    for fact in facts:
        if fact.kind == Kind.URGED:
            people = crew.users([*_holder(work), *crew.see(work.desk, at).managers()])
            about = f"{work.ticket.reference}:{fact.n}"
            notices.tell_inside(people, "desk.urged", disclosure.alert(work, at), about=about, at=at)
    Fact.objects.filter(pk__in=[fact.pk for fact in facts]).update(taken_at=at)


def _notes(work: Work, fact: Fact) -> list[Note]:
    if fact.kind == Kind.OPENED:
        return [Note(work=work, kind=Note.Kind.TAKEN_IN, at=fact.at)]
    if fact.kind == Kind.URGED:
        return [Note(work=work, kind=Note.Kind.URGED, at=fact.at)]
    if fact.kind == Kind.RATED:
        rating = Rating.objects.filter(ticket_id=fact.ticket_id).first()
        data = {"score": rating.score} if rating else {}
        return [Note(work=work, kind=Note.Kind.RATED, at=fact.at, body=rating.comment if rating else "", data=data)]
    return []


def _record_unfired(work: Work, facts: Sequence[Fact], at: datetime) -> None:
    """Breaches of cycles that an act ended before anybody was told: they stay facts, and nobody is called any more."""
    missed = [breach for fact in facts for breach in fact.data.get("unfired", ())]
    if not missed:
        return
    Firing.objects.bulk_create(
        (
            Firing(
                work=work, clock=one["clock"], cycle=one["cycle"], threshold=100,
                due_at=datetime.fromisoformat(one["due_at"]), fired_at=at, is_late=True,
            )
            for one in missed
        ),
        ignore_conflicts=True,
    )  # fmt: skip
    Note.objects.bulk_create(
        Note(
            work=work, kind=Note.Kind.BREACH, at=at,
            data={"clock": one["clock"], "percent": 100, "is_late": True, "due_at": one["due_at"]},
        )
        for one in missed
    )  # fmt: skip


def _holder(work: Work) -> list[User]:
    return [work.engineer.user] if work.engineer else []


def _customer_acted(work: Work, at: datetime) -> None:
    """The matter is the desk's again: with its owner if that person is here and has room, else in the pool."""
    if work.state == Work.State.OWNED:
        _tell_owner(work, at)
    elif work.state == Work.State.WAITING and work.engineer:
        if _returns_to_owner(work, at):
            work.change(at, state=Work.State.OWNED)
            _tell_owner(work, at)
        else:
            _to_pool(work, at)
    elif work.state == Work.State.DONE:
        _to_pool(work, at)


def _returns_to_owner(work: Work, at: datetime) -> bool:
    """Take the owner's place again. False when the owner is not on duty, is away, or has no room."""
    team = crew.see(work.desk, at)
    one = next((one for one in team.people if one.name == str(work.engineer_id)), None)
    if one is None or one.is_away or one.held >= one.cap:
        return False
    return crew.change(team.rows[one.name], held=1)


def _to_pool(work: Work, at: datetime) -> None:
    before = work.engineer_id or work.handled_by_id
    work.change(
        at, state=Work.State.POOL, engineer=None, handled_by_id=before, waiting_since=at, refused_by=[],
        gap_told_at=None,
    )  # fmt: skip
    Note.objects.create(work=work, kind=Note.Kind.RETURNED, at=at, data={"engineer": before})


def _tell_owner(work: Work, at: datetime) -> None:
    """The words stand in the ticket; the owner's pages say so. No mail: whoever owns a ticket has it open."""
    notices.tell_inside(
        _holder(work), "desk.answered", disclosure.alert(work, at),
        about=f"{work.ticket.reference}:{work.ticket.last_n}", at=at, channels=(NoticeRow.Channel.INAPP,),
    )  # fmt: skip


def end(work: Work, *, at: datetime) -> None:
    """The matter is over for the desk: no offer lives on, nobody's room is taken. Again does nothing."""
    if work.state == Work.State.DONE:
        return
    engineer_id, was = work.engineer_id, work.state
    if was == Work.State.OFFERED:
        live = Offer.objects.filter(work=work, state=Offer.State.LIVE)
        live.update(state=Offer.State.RETURNED, ended_at=at)
    work.change(at, state=Work.State.DONE, engineer=None, handled_by_id=engineer_id or work.handled_by_id)
    if engineer_id and was != Work.State.WAITING:
        crew.release(engineer_id, at=at)
        later("desk.tasks.pull", engineer_id)


def copy(work: Work, *, at: datetime) -> None:
    """What order and pages need of the public rows: severity, language, the next deadline, the oldest breach."""
    running = [clock for clock in Clock.objects.filter(ticket_id=work.ticket_id) if clock.due_at]
    next_one = min(running, key=lambda clock: clock.due_at, default=None)  # type: ignore[arg-type,return-value]
    broken = [clock.broken_at for clock in running if clock.broken_at]
    work.change(
        at, severity=work.ticket.severity, language=work.ticket.language,
        due_at=next_one.due_at if next_one else None, due_kind=next_one.kind if next_one else "",
        broken_at=min(broken, default=None),
    )  # fmt: skip
