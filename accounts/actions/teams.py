"""Verbs on teams of the house and their seats."""

from accounts.models import User
from accounts.models.inside import Seat, Team
from kit.verbs import Refused, verb


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
