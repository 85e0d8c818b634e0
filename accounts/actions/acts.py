"""Writing down what was done to people: a part of the verbs that do it."""

from datetime import datetime

from accounts.models import Act, Organization
from accounts.models.inside import HouseAct
from kit.verbs import Actor


def record(
    organization: Organization, kind: Act.Kind, *, by: Actor | None, at: datetime, whom: str, was: str = "",
    became: str = "",
) -> None:  # fmt: skip
    """One line for the admins of the organization."""
    Act.objects.create(
        organization=organization, kind=kind, by_id=by.pk if by else None, at=at, whom=whom, was=was, became=became
    )


def record_inside(
    kind: HouseAct.Kind, *, by: Actor | None, at: datetime, whom: str, was: str = "", became: str = ""
) -> None:
    """One line for operations."""
    HouseAct.objects.create(kind=kind, by_id=by.pk if by else None, at=at, whom=whom, was=was, became=became)
