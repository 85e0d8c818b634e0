"""Verbs on the members of an organization. Its owners and admins use them; the last owner stays."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.actions.acts import record
from accounts.models import Act, Department, Membership, Organization, Post
from kit.verbs import Actor, Refused, verb


class LastOwner(Refused):
    """An organization keeps at least one owner."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        super().__init__(_("Somebody has to stay the owner. Make another member an owner first."))


class NotYours(Refused):
    """Only an owner may make owners, or change one."""

    def __init__(self) -> None:
        super().__init__(_("Only an owner may make somebody an owner, or change what an owner is."))


class NotManager(Refused):
    """Somebody without the role tried to manage members."""

    def __init__(self) -> None:
        super().__init__(_("Only owners and admins look after members."))


@verb
def change_role(organization: str, member: str, *, by: Actor, at: datetime, role: str) -> Membership:
    """Give a member another role. Owners and admins see every department from then on.

    Raises DoesNotExist for what `by` may not see, NotManager, NotYours, LastOwner; ValueError for a role that is none
    or that belongs to vendors.
    """
    if role not in OFFERED:
        raise ValueError(role)
    company, me = managed(organization, by)
    row = _member(company, member)
    if Membership.Role.OWNER in (row.role, role) and me.role != Membership.Role.OWNER:
        raise NotYours
    if row.role == role:
        return row
    _keep_an_owner(company, row, role)
    was, row.role = row.role, role
    if role in Membership.MANAGING:
        row.sees_all = True
        row.posts.all().delete()
    row.save(update_fields=["role", "sees_all"])
    record(company, Act.Kind.ROLE_CHANGED, by=by, at=at, whom=row.user.email, was=was, became=role)
    return row


@verb
def show_departments(
    organization: str, member: str, *, by: Actor, at: datetime, departments: Sequence[str] | None
) -> Membership:
    """Which departments a member works in and sees; None: all of them.

    Raises DoesNotExist for a member or department of another organization, NotManager, SeesAll.
    """
    company, _me = managed(organization, by)
    row = _member(company, member)
    if row.role in Membership.MANAGING:
        raise SeesAll
    was = _sight(row)
    row.posts.all().delete()
    row.sees_all = departments is None
    row.save(update_fields=["sees_all"])
    for reference in dict.fromkeys(departments or ()):
        Post.objects.create(
            membership=row, department=Department.objects.get(organization=company, reference=reference)
        )
    record(company, Act.Kind.SIGHT_CHANGED, by=by, at=at, whom=row.user.email, was=was, became=_sight(row))
    return row


class SeesAll(Refused):
    """Owners and admins see everything of their organization."""

    def __init__(self) -> None:
        super().__init__(_("Owners and admins see every department."))


@verb
def remove(organization: str, member: str, *, by: Actor, at: datetime) -> None:
    """A member belongs to the organization no more, from this moment on; anybody may leave.

    Raises DoesNotExist, NotManager, NotYours, LastOwner.
    """
    company = Organization.objects.visible_to(by).select_for_update(of=("self",)).get(reference=organization)
    row = _member(company, member)
    me = Membership.objects.get(organization=company, user_id=by.pk)
    if row.pk != me.pk and me.role not in Membership.MANAGING:
        raise NotManager
    if row.role == Membership.Role.OWNER and me.role != Membership.Role.OWNER:
        raise NotYours
    _keep_an_owner(company, row, "")
    record(company, Act.Kind.REMOVED, by=by, at=at, whom=row.user.email, was=row.role)
    row.delete()


OFFERED = (
    Membership.Role.OWNER, Membership.Role.ADMIN, Membership.Role.BILLING, Membership.Role.MEMBER,
    Membership.Role.VIEWER,
)  # fmt: skip
"""Roles that any organization gives; engineers are made by the organization's record as a vendor."""


def managed(organization: str, by: Actor) -> tuple[Organization, Membership]:
    """The organization under its lock, and the membership by which `by` manages it. Raises DoesNotExist, NotManager.

    Everything that changes who belongs to an organization takes this lock first, so that two changes never pass.
    """
    company = Organization.objects.visible_to(by).select_for_update(of=("self",)).get(reference=organization)
    me = Membership.objects.filter(organization=company, user_id=by.pk).first()
    if me is None or me.role not in Membership.MANAGING:
        raise NotManager
    return company, me


def _member(company: Organization, reference: str) -> Membership:
    return Membership.objects.select_related("user").get(organization=company, reference=reference)


def _keep_an_owner(company: Organization, row: Membership, role: str) -> None:
    owners = Membership.objects.filter(organization=company, role=Membership.Role.OWNER, user__is_active=True)
    if row.role == Membership.Role.OWNER != role and not owners.exclude(pk=row.pk).exists():
        raise LastOwner(company)


def _sight(row: Membership) -> str:
    if row.sees_all:
        return "*"
    return ", ".join(Department.objects.filter(posts__membership=row).order_by("name").values_list("name", flat=True))[
        :160
    ]
