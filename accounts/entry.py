"""Coming in by an invitation: what its link shows, and to whom."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings

from accounts.disclosure import InvitationPage, invitation_page
from accounts.models import Invitation, Organization, User
from accounts.models.inside import Team, TeamInvitation
from accounts.models.invitations import hash_of
from kit.verbs import Refused


class Unusable(Refused):
    """The link opens nothing: used, expired, taken back, for another address, or never made."""

    def __init__(self) -> None:
        super().__init__("This invitation cannot be used.")


def show(token: str, reader: Any, *, at: datetime) -> InvitationPage:
    """The invitation of this link, for somebody unknown or signed in with its address. Raises Unusable."""
    row = find(token, at)
    if isinstance(reader, User) and not fits(row, reader):
        raise Unusable
    return invitation_page(row, has_account=address_is_taken(row.address))


def find(token: str, at: datetime) -> Any:
    """The row of this link while it can be used. Raises Unusable."""
    return _find(token, at, lambda model: model.objects.all())


def hold(token: str, at: datetime) -> Any:
    """The same, locked: first where it leads to, as whoever changes who belongs there does, then the row. Raises
    Unusable, also when somebody used it meanwhile.
    """
    row = find(token, at)
    room, pk = (Team, row.team_id) if isinstance(row, TeamInvitation) else (Organization, row.organization_id)
    room.objects.select_for_update(of=("self",)).get(pk=pk)
    return _find(token, at, lambda model: model.objects.select_for_update(of=("self",)))


def _find(token: str, at: datetime, rows: Callable[[Any], Any]) -> Any:
    for model in (Invitation, TeamInvitation) if settings.IS_INSIDE else (Invitation,):
        row = rows(model).filter(token_hash=hash_of(token)).first()
        if row is not None and row.is_open(at):
            return row
    raise Unusable


def fits(row: Any, person: User) -> bool:
    """Whether it is this person's: the address, and the side, which never changes."""
    is_theirs = person.email.lower() == row.address and person.is_active
    return is_theirs and person.is_inside == isinstance(row, TeamInvitation)


def address_is_taken(address: str) -> bool:
    """Whether an account has this address, confirmed or not."""
    return (
        User.objects.filter(email__iexact=address).exists()
        or EmailAddress.objects.filter(email__iexact=address, verified=True).exists()
    )
