"""Verbs on the desk's pool: tickets wait here, not with people, until somebody has room (late binding, DESIGN 8)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from accounts.access import people_of
from accounts.models.inside import Team
from desk import disclosure, routing
from desk.actions import claims, crew, faults, intake
from desk.actions.crew import Crew
from desk.models import Decision, Note, Offer, Work
from desk.models.work import WorkQuerySet
from duty.models import Desk
from duty.models.inside import Engineer
from kit.rows import Change, Insert, Update, write
from kit.verbs import verb
from notifications.actions import notices

HEADS = 200
"""So many waiting tickets are looked at in one round; the rest waits for the next."""
TRIES = 3


def take_in(ticket_pk: int, *, at: datetime) -> None:
    """As `take_in_all`, for one ticket."""
    take_in_all([ticket_pk], at=at)


def take_in_all(tickets: Sequence[int], *, at: datetime) -> None:
    """Draw the desk's consequences of the public facts of these tickets that nobody has drawn yet.

    Makes the `Work` where there is none. Bell and sweep both come here, at once if they like: the works' locks order
    them, and facts that were taken are taken. Tickets that have just come are taken in together, with the result of
    taking in one after another in the order in which they came; then each of the others on its own.
    """
    for ticket_pk in _welcome(tickets, at=at):
        _follow(ticket_pk, at=at)


@verb
def _welcome(tickets: Sequence[int], *, at: datetime) -> list[int]:
    """Take in those that have just come, and offer them to whoever has room. Returns the others that have news."""
    begun = intake.begin(tickets, at=at)
    arrivals = [one for one in begun if one.is_arrival]
    others = [one.work.ticket_id for one in begun if not one.is_arrival]
    if not arrivals and len(begun) == 1:
        _draw(begun[0], at)
        return []
    by_desk: dict[int, list[Work]] = defaultdict(list)
    for one in arrivals:
        by_desk[one.work.desk_id].append(one.work)
    changes = intake.arrived(arrivals, at=at)
    for works in by_desk.values():
        changes += _offering(works, at)[1]
    write(*changes)
    _tell_unsettled([one.work for one in arrivals if one.work.ticket.is_unsettled], at)
    faults.tell(faults.missing((one.work, one.facts) for one in arrivals), at=at)
    return others


@verb
def _follow(ticket_pk: int, *, at: datetime) -> None:
    """What has happened to a ticket since the desk looked at it last."""
    for one in intake.begin([ticket_pk], at=at):
        _draw(one, at)


def _draw(one: intake.Intake, at: datetime) -> None:
    intake.draw(one.work, one.facts, at=at)
    if one.work.state == Work.State.POOL:
        place(one.work, at=at)
    if any(fact.kind == fact.Kind.OPENED for fact in one.facts) and one.work.ticket.is_unsettled:
        _tell_unsettled([one.work], at)
    faults.tell(faults.missing([(one.work, one.facts)]), at=at)


def _offering(works: list[Work], at: datetime) -> tuple[list[Offer], list[Change]]:
    """Offer locked works of one desk, in this order: the offers, and what is to be written.

    Whom somebody else moved meanwhile is seen anew. What nobody can take is told.
    """
    made: list[Offer] = []
    changes: list[Change] = []
    waiting = works
    for _try in range(TRIES):
        team = crew.see(works[0].desk, at)
        matches = claims.plan(waiting, team)
        offers, more = claims.claiming(matches, at)
        made, changes = made + offers, changes + more
        waiting = [work for work in waiting if work.state == Work.State.POOL]
        if len(offers) == len(matches):
            break
    else:
        return made, changes
    return made, [*changes, *_telling_gaps(waiting, team)]


def _tell_unsettled(works: list[Work], at: datetime) -> None:
    if works:
        people = crew.users(people_of(Team.Kind.SALES, Team.Kind.DUTY_MANAGER))
        letters = [
            (user, "desk.unsettled", disclosure.alert(work, at), work.ticket.reference)
            for work in works
            for user in people
        ]
        notices.tell_inside_all(letters, at=at)


@verb
def place(work: Work, *, at: datetime) -> Offer | None:
    """Offer a waiting ticket to somebody, now. None: it is not waiting any more, or nobody can take it yet."""
    works = _locked(Work.objects.filter(pk=work.pk))
    if not works:
        return None
    offers, changes = _offering(works, at)
    write(*changes)
    return offers[0] if offers else None


@verb
def pull(engineer: Engineer, *, at: datetime) -> Offer | None:
    """Offer this engineer, who has room, the most urgent ticket that they can take. It never waits behind another."""
    desk = Desk.objects.select_related("owner").get(pk=engineer.desk_id)
    team = crew.see(desk, at)
    one = next((one for one in team.people if one.name == str(engineer.pk)), None)
    if one is None:
        return None
    works = _locked(_takeable(desk.pk, [one], at))
    if not works:
        return None
    by_reference = {work.ticket.reference: work for work in works}
    ticket = routing.choose_ticket(one, [claims.waiting(work) for work in works], at)
    if ticket is None:
        return None
    match = claims.Match(
        by_reference[ticket.reference], team.rows[one.name], "next_in_pool", claims.considered(ticket, team)
    )
    offers = claims.claim([match], at)
    return offers[0] if offers else None


@verb
def drain(desk_pk: int, *, at: datetime) -> int:
    """Offer what waits at a desk to whoever has room, and tell of what nobody can take. Returns the offers made."""
    desk = Desk.objects.select_related("owner").get(pk=desk_pk)
    team = crew.see(desk, at)
    works = _locked(_takeable(desk_pk, team.people, at))
    works += _locked(_pressing(desk_pk, works, at))
    offers = claims.claim(claims.plan(claims.by_urgency(works, at), team), at)
    _tell_gaps(_locked(_perhaps_stranded(desk_pk, team)), team)
    return len(offers)


def waiting_desks() -> list[int]:
    """Desks that have something in their pool."""
    return list(Work.objects.in_pool().order_by("desk_id").values_list("desk_id", flat=True).distinct())


def _locked(works: WorkQuerySet) -> list[Work]:
    """Those of `works` that wait and that nobody else has in hand, locked."""
    return list(works.in_pool().skipping_lock().select_related("ticket__organization", "desk__owner")[:HEADS])


def _takeable(desk_pk: int, people: list[routing.Engineer], at: datetime) -> WorkQuerySet:
    """What somebody here has room for, the most urgent first.

    Filtered in the database by each person's tier, skills and languages, so that tickets which nobody on duty can
    take never fill the round and hide those behind them.
    """
    suiting = Q(pk__in=[])
    for one in people:
        if not one.is_away and not one.offers and one.held <= one.cap:
            suiting |= _suits(one) if one.held < one.cap else _suits(one) & Q(severity=1)
    return Work.objects.filter(suiting, desk_id=desk_pk).by_urgency(at)


def _pressing(desk_pk: int, seen: list[Work], at: datetime) -> WorkQuerySet:
    """S1 and S2 that suit nobody with room and have waited so long that a concession may be due."""
    waited = at - claims.acknowledgement_at_least() / 2
    urgent = Work.objects.filter(desk_id=desk_pk, severity__in=claims.URGENT, waiting_since__lte=waited)
    return urgent.exclude(pk__in=[work.pk for work in seen]).by_urgency(at)


def _suits(one: routing.Engineer) -> Q:
    return Q(Q(skill="") | Q(skill__in=one.skills), Q(language="") | Q(language__in=one.languages), tier__lte=one.tier)


def _perhaps_stranded(desk_pk: int, team: Crew) -> WorkQuerySet:
    """Tickets that may have nobody: not told of yet, and either urgent, refused by somebody, or suiting nobody."""
    works = Work.objects.filter(desk_id=desk_pk, gap_told_at=None).order_by("severity", "waiting_since")
    present = [one for one in team.people if not one.is_away]
    if not present:
        return works
    suited = Q(pk__in=[])
    for one in present:
        suited |= _suits(one)
    return works.filter(Q(severity__lte=2) | ~Q(refused_by=[]) | ~suited)


def _is_stranded(work: Work, team: Crew) -> bool:
    """Whether nobody is there for this ticket, other than for want of room or of a moment's patience."""
    if not team.people:
        return True
    ticket = claims.waiting(work)
    objections = {routing.objection(ticket, one, team.at) for one in team.people}
    if objections <= {"away", "refused"}:
        return True
    if work.severity in claims.URGENT:
        return claims.is_pressing(work, team.at) and claims.choose(work, ticket, team)[0] is None
    if objections & {None, *claims.ROOM}:
        return False
    return not team.will_take(ticket)


def _tell_gaps(works: list[Work], team: Crew) -> None:
    """Call the fallback chain and the managers, once for each gap of a ticket."""
    write(*_telling_gaps(works, team))


def _telling_gaps(works: list[Work], team: Crew) -> list[Change]:
    gaps = [work for work in works if work.gap_told_at is None and _is_stranded(work, team)]
    if not gaps:
        return []
    people = crew.users([*team.fallback(), *team.managers()])
    letters = []
    for work in gaps:
        work.gap_told_at, work.version, work.changed_at = team.at, work.version + 1, team.at
        payload = disclosure.alert(work, team.at, by_at=work.due_at, promise=work.due_kind)
        about = f"{work.ticket.reference}:{work.version}"
        letters += [(user, "desk.gap", payload, about) for user in people]
    told = {"told": [user.pk for user in people]}
    reasons = [
        Decision(work=w, at=team.at, considered=claims.considered(claims.waiting(w), team), because="nobody")
        for w in gaps
    ]
    return [
        Update(gaps, ["gap_told_at", "version", "changed_at"]),
        Insert([Note(work=w, kind=Note.Kind.GAP, at=team.at, data=told) for w in gaps]),
        Insert(reasons), notices.inside(letters, at=team.at),
    ]  # fmt: skip
