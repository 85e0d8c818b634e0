"""What the form of a new ticket offers to one reader, and the promise as it would be made."""

from datetime import datetime
from itertools import groupby

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.disclosure import Belonging, Viewer
from accounts.models import Department, Membership, Organization, Post
from assets.models import Asset
from billing.models import Entitlement, Quota
from kit.projection import projection
from kit.words import for_reader
from promises.disclosure import Promise, preview
from tickets.models import Category
from tickets.models.tickets import COMMUNITY, EVERYBODY, WORST


@projection
class CategoryChoice:
    """A kind of matter, with the text with which the form begins."""

    slug: str
    name: str
    product: str
    template: str


@projection
class AssetChoice:
    """A cluster of one of the reader's organizations."""

    reference: str
    organization: str
    name: str
    words: str


@projection
class PlanChoice:
    """An entitlement in force, with what it allows; `left` is None where tickets are not counted out."""

    reference: str
    organization: str
    name: str
    severities: tuple[int, ...]
    left: int | None


@projection
class DepartmentChoice:
    """A department for which the reader may file; the reader's own comes first in its organization."""

    reference: str
    organization: str
    name: str


@projection
class FilingChoices:
    """Everything that the form offers."""

    organizations: tuple[Belonging, ...]
    categories: tuple[CategoryChoice, ...]
    assets: tuple[AssetChoice, ...]
    plans: tuple[PlanChoice, ...]
    departments: tuple[DepartmentChoice, ...] = ()

    def plans_of(self, organization: str) -> tuple[PlanChoice, ...]:
        return tuple(plan for plan in self.plans if plan.organization == organization)

    def category(self, slug: str) -> CategoryChoice | None:
        return next((one for one in self.categories if one.slug == slug), None)


@projection
class Outlook:
    """What a ticket filed now would be promised.

    kind: promised, no_target (the plan promises nothing for it), community, unsettled (an S1 beyond what was bought),
    not_covered, used_up.
    """

    kind: str
    severity: int
    plan: str
    promise: Promise | None


def filing_choices(viewer: Viewer, at: datetime) -> FilingChoices:
    """The reader's organizations that may file, and what stands in them. Four queries."""
    mine = tuple(one for one in viewer.belongings if one.role in Membership.ASKING)
    references = [one.reference for one in mine]
    assets = Asset.objects.visible_to(viewer).filter(organization__reference__in=references)
    plans = _in_force(viewer, at).filter(organization__reference__in=references)
    return FilingChoices(
        organizations=mine,
        categories=tuple(map(_category, Category.objects.select_related("product").order_by("position", "pk"))),
        assets=tuple(map(_asset, assets.select_related("organization", "product").order_by("name"))),
        plans=tuple(map(_plan, plans.order_by("-ends_at", "pk"))),
        departments=_departments(viewer, references),
    )


def _departments(viewer: Viewer, organizations: list[str]) -> tuple[DepartmentChoice, ...]:
    """Where the reader works, and for those who see all every other department and none."""
    mine = Membership.objects.filter(user_id=viewer.pk, organization=OuterRef("organization"))
    works = Exists(Post.objects.filter(membership__user_id=viewer.pk, department=OuterRef("pk")))
    rows = Department.objects.filter(organization__reference__in=organizations, archived_at=None)
    rows = rows.annotate(sees_all=Subquery(mine.values("sees_all")[:1]), works=works).filter(Q(sees_all=True) | works)
    found: list[DepartmentChoice] = []
    for company, there in groupby(rows.select_related("organization").order_by("organization_id", "name"), _company):
        group = list(there)
        own = [_choice(row.reference, company, row.name) for row in group if row.works]
        others = [_choice(row.reference, company, row.name) for row in group if not row.works]
        everybody = [_choice(EVERYBODY, company, _("no department: everybody sees it"))] if group[0].sees_all else []
        found += [*own, *everybody, *others]
    return tuple(found)


def _company(row: Department) -> str:
    return row.organization.reference


def _choice(reference: str, organization: str, name: str) -> DepartmentChoice:
    return DepartmentChoice(reference=reference, organization=organization, name=name)


def outlook(viewer: Viewer, at: datetime, *, organization: str, entitlement: str | None, severity: int) -> Outlook:
    """The promise before it is made. Raises DoesNotExist for what the viewer may not see."""
    if not entitlement:
        if organization not in {one.reference for one in viewer.belongings}:
            raise Organization.DoesNotExist
        kind = "community" if severity in COMMUNITY else "unsettled" if severity == WORST else "not_covered"
        return Outlook(kind=kind, severity=severity, plan="", promise=None)
    row = _in_force(viewer, at).get(reference=entitlement, organization__reference=organization)
    plan = _plan(row)
    beyond = "not_covered" if severity not in plan.severities else "used_up" if plan.left == 0 else ""
    if beyond:
        return Outlook(
            kind="unsettled" if severity == WORST else beyond, severity=severity, plan=plan.name, promise=None
        )
    promise = preview(row.policy, severity, at)
    has_target = promise is not None and promise.due_at is not None
    return Outlook(kind="promised" if has_target else "no_target", severity=severity, plan=plan.name, promise=promise)


def _in_force(viewer: Viewer, at: datetime) -> QuerySet[Entitlement]:
    quota = Quota.objects.filter(entitlement=OuterRef("pk"), unit=Quota.Unit.TICKETS)
    rows = Entitlement.objects.visible_to(viewer).in_force(at).select_related("organization")
    return rows.annotate(granted=Subquery(quota.values("granted")[:1]), used=Subquery(quota.values("used")[:1]))


def _category(row: Category) -> CategoryChoice:
    return CategoryChoice(
        slug=row.slug, name=for_reader(row.name, row.name_zh), product=row.product.name,
        template=for_reader(row.template, row.template_zh),
    )  # fmt: skip


def _asset(row: Asset) -> AssetChoice:
    words = " ".join(part for part in (row.product.name, row.version) if part)
    return AssetChoice(reference=row.reference, organization=row.organization.reference, name=row.name, words=words)


def _plan(row: Entitlement) -> PlanChoice:
    granted: int | None = row.granted  # type: ignore[attr-defined]
    used: int = row.used or 0  # type: ignore[attr-defined]
    return PlanChoice(
        reference=row.reference, organization=row.organization.reference, name=for_reader(row.name, row.name_zh),
        severities=tuple(row.severities), left=None if granted is None else granted - used,
    )  # fmt: skip
