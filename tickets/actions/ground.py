"""What a new ticket stands on: who asks for whom, about what, under which entitlement, promised what. One query."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import Department, Membership, Organization, Post
from accounts.models.departments import in_sight
from assets.models import Asset
from billing.actions import entitlements
from billing.models import Entitlement, Quota
from duty.models import Desk
from kit.questions import Question, Slot, when, word
from kit.rows import NextKey
from kit.verbs import Actor, Refused
from promises import terms
from promises.models import PolicyVersion
from promises.terms import Terms
from talk.models import Message, Thread
from tickets.actions.holds import check_role
from tickets.models import Category, Ticket
from tickets.models.tickets import COMMUNITY, EVERYBODY, WORST


class NotCovered(Refused):
    """The severity is not part of what was bought; severity 1 would be taken all the same."""

    def __init__(self, severity: int) -> None:
        self.severity = severity
        super().__init__(
            _("S%(severity)d is not part of this plan. Choose another severity or plan; an S1 is always taken.")
            % {"severity": severity}
        )


class NoDesk(Refused):
    """There is no desk of the house yet."""

    def __init__(self) -> None:
        super().__init__(_("No desk is open for tickets yet."))


@dataclass(frozen=True, slots=True)
class Ground:
    """All that a new ticket refers to, by primary key. Without an entitlement there are no terms.

    `keys` are those of its thread, message and row, where the database draws them ahead.
    """

    organization_id: int
    language: str
    desk_id: int
    category_id: int
    asset_id: int | None
    department_id: int | None
    entitlement_id: int | None
    terms: Terms | None
    is_unsettled: bool
    keys: tuple[int | None, int | None, int | None]


def survey(
    by: Actor, at: datetime, *, organization: str, category: str, severity: int, entitlement: str | None,
    asset: str | None, department: str | None,
) -> Ground:  # fmt: skip
    """Find everything that a new ticket refers to, and take one ticket of the quota.

    Without a department it is the asker's own, an archived one where there is no other: better seen by few than by all.
    `EVERYBODY` is none, which only those who see all may say.

    Raises DoesNotExist for whatever `by` may not see, MayOnlyRead, NotCovered, QuotaUsed, NotInForce, NoDesk.
    """
    asked = {
        "by": by.pk, "organization": organization, "category": category, "asset": asset or "",
        "department": department or "",
    }  # fmt: skip
    row: Any = (
        _BOUGHT.first(**asked, entitlement=entitlement, severity=severity, at=at)
        if entitlement
        else _COMMUNITY.first(**asked)
    )
    if row is None:
        raise _missing(by, at, organization, entitlement)
    check_role(row.role, row.organization_name)
    if row.category_pk is None:
        raise Category.DoesNotExist
    if asset and row.asset_pk is None:
        raise Asset.DoesNotExist
    if department and not (row.sees_all if department == EVERYBODY else row.chosen_pk):
        raise Department.DoesNotExist
    if row.desk_id is None:
        raise NoDesk
    is_covered = _cover(row, severity, at) if entitlement else _is_for_everyone(severity)
    has_promise = is_covered and entitlement and row.version and row.calendar_version
    return Ground(
        organization_id=row.organization_id, language=row.language, desk_id=row.desk_id,
        category_id=row.category_pk, asset_id=row.asset_pk,
        department_id=row.chosen_pk if department else row.own_pk,
        entitlement_id=row.pk if entitlement and is_covered else None,
        terms=terms.usable(row.version, row.calendar_version, severity) if has_promise else None,
        is_unsettled=not is_covered, keys=(row.thread_key, row.message_key, row.ticket_key),
    )  # fmt: skip


def _bought() -> QuerySet[Any]:
    """The entitlement with the version of its policy and of the calendar that a promise made now would get."""
    version = PolicyVersion.objects.filter(policy__code=OuterRef("policy"), valid_from__lte=when("at"))
    return _with_subject(
        Entitlement.objects.in_force(when("at"))
        .filter(reference=word("entitlement"), organization__reference=word("organization"))
        .filter(organization__memberships__user_id=Slot("by"))
        .annotate(role=F("organization__memberships__role"), sees_all=F("organization__memberships__sees_all"))
        .annotate(version=Subquery(version.order_by("-valid_from", "-number").values("pk")[:1]))
        .annotate(calendar_version=terms.calendar_version(Slot("severity"), when("at"), "version"))
    )


def _community() -> QuerySet[Any]:
    """The membership with the house's desk, which answers everybody."""
    desk = Desk.objects.filter(owner__is_house=True).order_by("pk").values("pk")[:1]
    mine = Membership.objects.filter(user_id=Slot("by"), organization__reference=word("organization"))
    return _with_subject(mine.annotate(desk_id=Subquery(desk)))


def _with_subject(rows: QuerySet[Any]) -> QuerySet[Any]:
    """What it is about and for whom: the category, and a cluster of the same organization."""
    clusters = Asset.objects.filter(
        in_sight(Slot("by")), reference=word("asset"), organization=OuterRef("organization_id")
    )
    open_ones = Department.objects.filter(organization=OuterRef("organization_id"), archived_at=None)
    posts = Post.objects.filter(membership__user_id=Slot("by")).values("department")
    seers = Membership.objects.filter(user_id=Slot("by"), sees_all=True).values("pk")
    chosen = open_ones.filter(Q(reference=word("department")), Q(pk__in=posts) | Q(organization__memberships__in=seers))
    own = Department.objects.filter(organization=OuterRef("organization_id"), pk__in=posts)
    own = own.order_by(F("archived_at").asc(nulls_first=True), "pk")
    return rows.annotate(
        language=F("organization__language"), organization_name=F("organization__name"),
        category_pk=Subquery(Category.objects.filter(slug=word("category")).values("pk")[:1]),
        asset_pk=Subquery(clusters.values("pk")[:1]), chosen_pk=Subquery(chosen.values("pk")[:1]),
        own_pk=Subquery(own.values("pk")[:1]),
        thread_key=NextKey(Thread), message_key=NextKey(Message), ticket_key=NextKey(Ticket),
    )  # fmt: skip


_BOUGHT: Question[Any] = Question(_bought)
_COMMUNITY: Question[Any] = Question(_community)


def _cover(row: Any, severity: int, at: datetime) -> bool:
    """Whether the entitlement covers it; then one ticket of its quota is taken. Severity 1 goes on without."""
    if severity not in row.severities:
        if severity != WORST:
            raise NotCovered(severity)
        return False
    try:
        entitlements.take(row.pk, Quota.Unit.TICKETS, at=at)
    except entitlements.QuotaUsed:
        if severity != WORST:
            raise
        return False
    return True


def _is_for_everyone(severity: int) -> bool:
    if severity not in (WORST, *COMMUNITY):
        raise NotCovered(severity)
    return severity in COMMUNITY


def _missing(by: Actor, at: datetime, organization: str, entitlement: str | None) -> Exception:
    """Why there was no row: something foreign, which is as if it were not there, or an entitlement that has ended."""
    mine = Organization.objects.filter(memberships__user_id=by.pk, reference=organization)
    if not mine.exists():
        return Organization.DoesNotExist()
    found = Entitlement.objects.filter(reference=entitlement, organization__in=mine).first()
    return entitlements.NotInForce(found, at) if found else Entitlement.DoesNotExist()
