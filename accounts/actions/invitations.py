"""Verbs on invitations: into an organization by its owners and admins, into a team of the house by operations.

A link works once, for 72 hours, for its address. Used, expired, taken back, another's: all answer `entry.Unusable`.
"""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils.translation import gettext as _

from accounts import entry
from accounts.access import sits_in
from accounts.actions import people, teams
from accounts.actions.acts import record, record_inside
from accounts.actions.members import OFFERED, NotManager, NotYours, managed
from accounts.models import Act, Department, Invitation, Membership, Organization, Post, User
from accounts.models.inside import HouseAct, Team, TeamInvitation
from accounts.models.invitations import WAITING, InvitationRow, fresh_token, still_open
from accounts.signals import invited
from kit.verbs import Actor, Refused, verb

WAITING_AT_MOST = 50
"""Open invitations of one organization: it is no way to write to strangers."""
SEND_AGAIN_AFTER = timedelta(minutes=10)


class Already(Refused):
    """Whoever has the address belongs there already."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(_("%(address)s belongs here already.") % {"address": address})


class TooMany(Refused):
    """So many invitations wait that one more looks like mail to strangers."""

    def __init__(self) -> None:
        super().__init__(_("Too many invitations wait for an answer. Take some back first."))


class TooSoon(Refused):
    """It went out a moment ago."""

    def __init__(self) -> None:
        super().__init__(_("It went out a few minutes ago. Give it ten minutes before you send it again."))


@verb
def invite(
    organization: str, *, by: Actor, at: datetime, address: str, role: str, language: str = "en",
    department: str | None = None,
) -> Invitation:  # fmt: skip
    """Invite an address with a role; with a department, the person sees that one only. A waiting one is renewed.

    Raises DoesNotExist, NotManager, NotYours (only owners invite owners), Already, TooMany, TooSoon; ValueError for a
    role that an organization cannot give.
    """
    if role not in OFFERED:
        raise ValueError(role)
    company, me = managed(organization, by)
    if role == Membership.Role.OWNER != me.role:
        raise NotYours
    return _invite(company, by, at, address, role, language, department)


@verb
def invite_engineer(
    company: Organization, *, by: Actor, at: datetime, address: str, language: str = "en"
) -> Invitation:
    """Invite somebody to work the organization's own desks. Called by vendors, which knows who sells.

    Raises DoesNotExist, NotManager, Already, TooMany, TooSoon.
    """
    company, _me = managed(company.reference, by)
    return _invite(company, by, at, address, Membership.Role.ENGINEER, language, None)


@verb
def invite_inside(team: int, *, by: Actor, at: datetime, address: str, language: str = "en") -> TeamInvitation:
    """Invite an address to a team of the house. Only operations may. Raises NotManager, Already, TooSoon."""
    _require_operations(by)
    room = Team.objects.select_for_update().get(pk=team)
    address = address.lower()
    if room.seats.filter(user__email=address).exists():
        raise Already(address)
    waiting = TeamInvitation.objects.filter(WAITING, team=room, address=address).first()
    if waiting is None:
        waiting = TeamInvitation(team=room, address=address, invited_by_id=by.pk, invited_at=at)
    _send(waiting, by, at, language)
    record_inside(HouseAct.Kind.INVITED, by=by, at=at, whom=address, became=room.name)
    return waiting


@verb
def send_again(organization: str, invitation: str, *, by: Actor, at: datetime) -> None:
    """A new link and another 72 hours; the old link is void. Raises DoesNotExist, NotManager, TooSoon."""
    company, _me = managed(organization, by)
    row = Invitation.objects.filter(WAITING).get(organization=company, reference=invitation)
    _send(row, by, at, row.language)
    record(company, Act.Kind.SENT_AGAIN, by=by, at=at, whom=row.address, became=row.role)


@verb
def send_again_inside(invitation: str, *, by: Actor, at: datetime) -> None:
    """The same for a team of the house. Raises DoesNotExist, NotManager, TooSoon."""
    _require_operations(by)
    row = TeamInvitation.objects.filter(WAITING).select_for_update().get(reference=invitation)
    _send(row, by, at, row.language)
    record_inside(HouseAct.Kind.SENT_AGAIN, by=by, at=at, whom=row.address, became=row.team.name)


@verb
def revoke(organization: str, invitation: str, *, by: Actor, at: datetime) -> None:
    """Take it back: its link opens nothing any more. Raises DoesNotExist, NotManager."""
    company, _me = managed(organization, by)
    row = Invitation.objects.filter(WAITING).get(organization=company, reference=invitation)
    Invitation.objects.filter(WAITING, pk=row.pk).update(revoked_at=at)
    record(company, Act.Kind.REVOKED, by=by, at=at, whom=row.address, was=row.role)


@verb
def revoke_inside(invitation: str, *, by: Actor, at: datetime) -> None:
    """The same for a team of the house. Raises DoesNotExist, NotManager."""
    _require_operations(by)
    row = TeamInvitation.objects.filter(WAITING).select_for_update().get(reference=invitation)
    TeamInvitation.objects.filter(pk=row.pk).update(revoked_at=at)
    record_inside(HouseAct.Kind.REVOKED, by=by, at=at, whom=row.address, was=row.team.name)


@verb
def accept(token: str, *, by: User, at: datetime) -> None:
    """Somebody who is signed in with the invited address comes in. Raises Unusable."""
    row = entry.hold(token, at)
    if not entry.fits(row, by):
        raise entry.Unusable
    _come_in(row, by, at)


@verb
def join(token: str, *, at: datetime, name: str, password: str, language: str, timezone: str) -> User:
    """Make the account of the invited address and come in; the address counts as verified. Raises Unusable."""
    row = entry.hold(token, at)
    if entry.address_is_taken(row.address):
        raise entry.Unusable
    arrive = people.employ if isinstance(row, TeamInvitation) else people.join
    person = arrive(row.address, name=name, language=language, timezone=timezone, password=password)
    EmailAddress.objects.create(user=person, email=row.address, verified=True, primary=True)
    _come_in(row, person, at)
    return person


def _invite(
    company: Organization, by: Actor, at: datetime, address: str, role: str, language: str, department: str | None
) -> Invitation:  # fmt: skip
    address = address.lower()
    if Membership.objects.filter(organization=company, user__email=address).exists():
        raise Already(address)
    room = Department.objects.get(organization=company, reference=department, archived_at=None) if department else None
    row = Invitation.objects.filter(WAITING, organization=company, address=address).first()
    if row is None:
        if Invitation.objects.filter(still_open(at), organization=company).count() >= WAITING_AT_MOST:
            raise TooMany
        row = Invitation(organization=company, address=address, invited_by_id=by.pk, invited_at=at)
    row.role, row.department = role, None if role in Membership.MANAGING else room
    _send(row, by, at, language)
    record(company, Act.Kind.INVITED, by=by, at=at, whom=address, became=role)
    return row


def _send(row: InvitationRow, by: Actor, at: datetime, language: str) -> None:
    """Save it with a new link, and announce it."""
    if row.pk and at - row.sent_at < SEND_AGAIN_AFTER:
        raise TooSoon
    token, row.token_hash = fresh_token()
    person = User.objects.filter(email=row.address).first()
    row.language = person.language if person else language
    row.sent_at, row.expires_at = at, at + timedelta(hours=settings.INVITATION_HOURS)
    row.save()
    invited.send(type(row), invitation=row, token=token, by=by, at=at)


def _come_in(row: Any, person: User, at: datetime) -> None:
    if isinstance(row, TeamInvitation):
        teams.seat(row.team, person)
        record_inside(HouseAct.Kind.JOINED, by=person, at=at, whom=person.email, became=row.team.name)
    else:
        if Membership.objects.filter(organization=row.organization, user=person).exists():
            raise entry.Unusable
        member = Membership.objects.create(
            organization=row.organization, user=person, role=row.role, sees_all=row.department_id is None
        )
        if row.department_id:
            Post.objects.create(membership=member, department=row.department)
        record(row.organization, Act.Kind.JOINED, by=person, at=at, whom=person.email, became=row.role)
    type(row).objects.filter(pk=row.pk).update(accepted_at=at, accepted_by=person)


def _require_operations(by: Actor) -> None:
    if not sits_in(by, Team.Kind.OPERATIONS):
        raise NotManager
