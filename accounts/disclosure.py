"""What pages may know of people: the reader, the people of the reader's organizations, invitations."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Act, Department, Invitation, Membership, Organization, User
from accounts.models.invitations import WAITING, InvitationRow
from kit.projection import projection
from kit.questions import Question, Slot
from kit.verbs import Actor
from kit.words import for_reader

ROLES: dict[str, str | Promise] = {
    "owner": pgettext_lazy("role", "Owner"), "admin": _("Admin"), "billing": _("Billing"), "member": _("Member"),
    "viewer": _("Viewer"), "engineer": _("Engineer"),
}  # fmt: skip
"""What a membership may be, in words; what each may do stands at its enum."""


@projection
class Belonging:
    """One organization of the reader, with the reader's role in it."""

    reference: str
    name: str
    name_zh: str
    role: str

    @property
    def title(self) -> str:
        """The organization's name in the reader's language."""
        return for_reader(self.name, self.name_zh)

    @property
    def may_buy(self) -> bool:
        """Whether orders and invoices of this organization are the reader's matter."""
        return self.role in Membership.BUYING

    @property
    def role_name(self) -> str:
        return str(ROLES[self.role])


@projection
class Viewer:
    """The reader of a page, as `request.viewer`; on outside pages `request.user` too.

    `pk` says to a verb who acts; it is printed nowhere. `teams` are the kinds of the reader's teams of the house.
    """

    pk: int
    name: str
    email: str
    language: str
    timezone: str
    is_inside: bool
    belongings: tuple[Belonging, ...] = ()
    teams: tuple[str, ...] = ()
    is_authenticated: bool = True

    @property
    def is_anonymous(self) -> bool:
        return not self.is_authenticated

    @property
    def may_buy(self) -> bool:
        """Whether orders and invoices are this reader's matter anywhere; who has no organization yet may found one."""
        return not self.belongings or any(one.may_buy for one in self.belongings)


ANONYMOUS = Viewer(pk=0, name="", email="", language="", timezone="UTC", is_inside=False, is_authenticated=False)


def belongings(user_id: int) -> tuple[Belonging, ...]:
    """Where somebody belongs, now. One query."""
    return tuple(
        Belonging(
            reference=row.organization.reference, name=row.organization.name, name_zh=row.organization.name_zh,
            role=row.role,
        )
        for row in _BELONGING.ask(user=user_id)
    )  # fmt: skip


_BELONGING: Question[Membership] = Question(
    lambda: Membership.objects.filter(user_id=Slot("user")).select_related("organization").order_by("pk")
)


@projection
class InvitationLetter:
    """What the mail of an invitation says. `organization` is empty for a team of the house, which is never named."""

    organization: str
    house: str
    role: str
    by: str
    url: str
    expires_at: datetime


def invitation_letter(invitation: InvitationRow, url: str, by: Actor) -> InvitationLetter:
    """The letter of an invitation that goes out now."""
    company = getattr(invitation, "organization", None)
    return InvitationLetter(
        organization=company.name if company else "", house=_house(), role=getattr(invitation, "role", ""),
        by=User.objects.values_list("name", flat=True).get(pk=by.pk), url=url, expires_at=invitation.expires_at,
    )  # fmt: skip


@projection
class InvitationPage:
    """What the person sees who opens the link."""

    address: str
    organization: str
    house: str
    role: str
    has_account: bool
    expires_at: datetime
    language: str

    @property
    def role_name(self) -> str:
        return str(ROLES.get(self.role, ""))


def invitation_page(invitation: InvitationRow, *, has_account: bool) -> InvitationPage:
    """The page of an invitation that can be used."""
    company = getattr(invitation, "organization", None)
    return InvitationPage(
        address=invitation.address, organization=company.name if company else "", house=_house(),
        role=getattr(invitation, "role", ""), has_account=has_account, expires_at=invitation.expires_at,
        language=invitation.language,
    )  # fmt: skip


def _house() -> str:
    return Organization.objects.filter(is_house=True).values_list("name", flat=True).first() or "Gatehouse"


@projection
class MemberLine:
    """A member of an organization, for its own people."""

    reference: str
    name: str
    address: str
    role: str
    sees_all: bool
    departments: tuple[str, ...]
    is_reader: bool

    @property
    def role_name(self) -> str:
        return str(ROLES[self.role])


@projection
class WaitingLine:
    """An invitation that waits for an answer, or has expired."""

    reference: str
    address: str
    role: str
    department: str
    sent_at: datetime
    expires_at: datetime
    is_expired: bool

    @property
    def role_name(self) -> str:
        return str(ROLES[self.role])


@projection
class DepartmentLine:
    """A department, and how many members work in it."""

    reference: str
    name: str
    members: int
    is_archived: bool


@projection
class ActLine:
    """One line of what was done to the people of an organization."""

    kind: str
    by: str
    at: datetime
    whom: str
    was: str
    became: str


@projection
class People:
    """The people of one organization as its members see them; the rest is for those who manage."""

    reference: str
    name: str
    name_zh: str
    manages: bool
    is_owner: bool
    members: tuple[MemberLine, ...]
    waiting: tuple[WaitingLine, ...]
    departments: tuple[DepartmentLine, ...]
    acts: tuple[ActLine, ...]

    @property
    def title(self) -> str:
        """The organization's name in the reader's language."""
        return for_reader(self.name, self.name_zh)


ACTS_SHOWN = 20


def people(organization: str, reader: Actor, *, at: datetime) -> People:
    """Everybody of the organization, the reader's own. Raises DoesNotExist for another's."""
    company = Organization.objects.visible_to(reader).get(reference=organization)
    rows = list(
        company.memberships.select_related("user").prefetch_related("posts__department").order_by("user__name", "pk")
    )
    me = next(row for row in rows if row.user_id == reader.pk)
    manages = me.role in Membership.MANAGING
    return People(
        reference=company.reference, name=company.name, name_zh=company.name_zh, manages=manages,
        is_owner=me.role == Membership.Role.OWNER,
        members=tuple(_member(row, reader) for row in rows), waiting=_waiting(company, at) if manages else (),
        departments=tuple(_department(row, rows) for row in company.departments.order_by("archived_at", "name")),
        acts=_acts(company) if manages else (),
    )  # fmt: skip


def _member(row: Membership, reader: Actor) -> MemberLine:
    names = sorted(post.department.name for post in row.posts.all())
    return MemberLine(
        reference=row.reference, name=row.user.name, address=row.user.email, role=row.role, sees_all=row.sees_all,
        departments=tuple(names), is_reader=row.user_id == reader.pk,
    )  # fmt: skip


def _waiting(company: Organization, at: datetime) -> tuple[WaitingLine, ...]:
    rows = Invitation.objects.filter(WAITING, organization=company).select_related("department").order_by("address")
    return tuple(
        WaitingLine(
            reference=row.reference, address=row.address, role=row.role,
            department=row.department.name if row.department else "", sent_at=row.sent_at, expires_at=row.expires_at,
            is_expired=row.expires_at <= at,
        )
        for row in rows
    )  # fmt: skip


def _department(row: Department, members: list[Membership]) -> DepartmentLine:
    count = sum(post.department_id == row.pk for member in members for post in member.posts.all())
    return DepartmentLine(
        reference=row.reference, name=row.name, members=count, is_archived=row.archived_at is not None
    )


def _acts(company: Organization) -> tuple[ActLine, ...]:
    rows = Act.objects.filter(organization=company).select_related("by").order_by("-pk")[:ACTS_SHOWN]
    return tuple(
        ActLine(
            kind=row.kind, by=row.by.name if row.by else "", at=row.at, whom=row.whom,
            was=str(ROLES.get(row.was, row.was)), became=str(ROLES.get(row.became, row.became)),
        )
        for row in rows
    )  # fmt: skip
