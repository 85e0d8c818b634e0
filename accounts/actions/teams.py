"""Verbs on teams of the house and their seats."""

from collections.abc import Sequence
from datetime import datetime

from accounts.actions import people
from accounts.actions.acts import record_inside
from accounts.models import User
from accounts.models.inside import HouseAct, Seat, Team
from kit.verbs import Actor, Refused, verb


class NotInside(Refused):
    """Only people of the house sit in its teams."""

    def __init__(self, user: User) -> None:
        self.user = user
        super().__init__("Only people of the house can sit in a team.")


@verb
def found(kind: str, *, name: str, topic: str = "", name_zh: str = "") -> Team:
    """A team of the house; for R&D one group a product, named by its `topic`."""
    team, _ = Team.objects.get_or_create(name=name, defaults={"kind": kind, "topic": topic, "name_zh": name_zh})
    return team


@verb
def seat(team: Team, user: User) -> Seat:
    """Give an inside person a seat. Raises NotInside for people from outside."""
    if not user.is_inside:
        raise NotInside(user)
    seat, _ = Seat.objects.get_or_create(team=team, user=user)
    return seat


@verb
def change(person: int, teams: Sequence[int], *, by: Actor, at: datetime) -> None:
    """The person of the house sits in these teams and no others. Raises NotOperations, LastOperator, DoesNotExist."""
    user = people.of_the_house(person, by)
    wanted = set(Team.objects.filter(pk__in=teams).values_list("pk", flat=True))
    seats = Seat.objects.filter(user=user).select_related("team")
    for left in [one for one in seats if one.team_id not in wanted]:
        if left.team.kind == Team.Kind.OPERATIONS:
            people.keep_an_operator(user)
        record_inside(HouseAct.Kind.UNSEATED, by=by, at=at, whom=user.email, was=left.team.name)
        left.delete()
    for team in Team.objects.filter(pk__in=wanted).exclude(seats__user=user).order_by("pk"):
        seat(team, user)
        record_inside(HouseAct.Kind.SEATED, by=by, at=at, whom=user.email, became=team.name)
