"""The people of the house, for operations: where they sit, how they sign in, who is invited, what was done."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Count

from accounts.factors import STRONG
from accounts.models import User
from accounts.models.inside import HouseAct, Seat, Team, TeamInvitation
from accounts.models.invitations import WAITING
from kit.words import for_reader

ACTS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody of the house. `factors` are the kinds of second factor that stand; none is a person who cannot work."""

    pk: int
    name: str
    address: str
    is_active: bool
    teams: tuple[str, ...]
    team_pks: tuple[int, ...]
    factors: tuple[str, ...]
    sessions: int
    last_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team and how many sit in it."""

    pk: int
    name: str
    kind: str
    seats: int


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """An invitation into a team without an answer."""

    reference: str
    address: str
    team: str
    sent_at: datetime
    expires_at: datetime
    is_expired: bool


@dataclass(frozen=True, slots=True)
class House:
    """Everything of the page. `without_factor` counts active people without a second factor."""

    people: tuple[PersonLine, ...]
    teams: tuple[TeamLine, ...]
    waiting: tuple[WaitingLine, ...]
    acts: tuple[HouseAct, ...]
    without_factor: int


def show(*, at: datetime) -> House:
    """All people of the house, the active ones first. Seven statements, whatever their number."""
    lines = _people(User.objects.filter(place=User.Place.INSIDE).order_by("-is_active", "name", "pk"))
    teams = Team.objects.annotate(count=Count("seats")).order_by("pk")
    waiting = TeamInvitation.objects.filter(WAITING).select_related("team").order_by("address", "pk")
    return House(
        people=lines,
        teams=tuple(TeamLine(pk=row.pk, name=_name(row), kind=row.kind, seats=row.count) for row in teams),
        waiting=tuple(
            WaitingLine(
                reference=row.reference, address=row.address, team=_name(row.team), sent_at=row.sent_at,
                expires_at=row.expires_at, is_expired=row.expires_at <= at,
            )
            for row in waiting
        ),
        acts=tuple(HouseAct.objects.select_related("by").order_by("-pk")[:ACTS_SHOWN]),
        without_factor=sum(line.is_active and not line.factors for line in lines),
    )  # fmt: skip


def person(pk: int) -> PersonLine:
    """One person of the house. Raises User.DoesNotExist."""
    lines = _people(User.objects.filter(place=User.Place.INSIDE, pk=pk))
    if not lines:
        raise User.DoesNotExist
    return lines[0]


def _people(rows: object) -> tuple[PersonLine, ...]:
    users = list(rows)  # type: ignore[call-overload]
    pks = [user.pk for user in users]
    seats: dict[int, list[Team]] = defaultdict(list)
    for seat in Seat.objects.filter(user__in=pks).select_related("team").order_by("team_id"):
        seats[seat.user_id].append(seat.team)
    kinds: dict[int, list[str]] = defaultdict(list)
    for user, kind in Authenticator.objects.filter(user__in=pks, type__in=STRONG).values_list("user_id", "type"):
        kinds[user].append(kind)
    seen: dict[int, list[datetime]] = defaultdict(list)
    for user, moment in UserSession.objects.filter(user__in=pks).values_list("user_id", "last_seen_at"):
        seen[user].append(moment)
    return tuple(
        PersonLine(
            pk=user.pk, name=user.name, address=user.email, is_active=user.is_active,
            teams=tuple(_name(team) for team in seats[user.pk]), team_pks=tuple(team.pk for team in seats[user.pk]),
            factors=tuple(sorted(set(kinds[user.pk]))), sessions=len(seen[user.pk]),
            last_seen_at=max(seen[user.pk], default=user.last_login),
        )
        for user in users
    )  # fmt: skip


def _name(team: Team) -> str:
    return for_reader(team.name, team.name_zh)
