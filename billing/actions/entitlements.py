"""Verbs on entitlements: the only answer to "have they bought it?"."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import Organization
from billing import money
from billing.models import Entitlement, Invoice, Quota
from billing.models.entitlements import EntitlementQuerySet
from duty.models import Desk
from kit.questions import Deed, Slot, when, word
from kit.verbs import Refused, verb


class QuotaUsed(Refused):
    """Nothing of the unit is left in the entitlement."""

    def __init__(self, entitlement: Entitlement, granted: int, unit: str) -> None:
        self.entitlement, self.granted, self.unit = entitlement, granted, unit
        super().__init__(
            _("All %(granted)s %(unit)s of %(name)s are used.")
            % {"granted": granted, "unit": Quota.Unit(unit).label, "name": entitlement.name}
        )


class NotInForce(Refused):
    """The entitlement has not begun, or has ended."""

    def __init__(self, entitlement: Entitlement, at: datetime) -> None:
        self.entitlement, self.at = entitlement, at
        super().__init__(
            _("%(reference)s has ended.") % {"reference": entitlement.reference}
            if entitlement.ends_at <= at
            else _("%(reference)s has not begun yet.") % {"reference": entitlement.reference}
        )


@verb
def grant(invoice: Invoice, *, at: datetime) -> Entitlement:
    """What the paid invoice bought, from its terms snapshot alone. Granting again returns what was granted.

    It runs for the months of the terms by the customer's own wall clock; the 31st falls on the last day of a month.
    """
    terms: dict[str, Any] = invoice.terms
    entitlement, is_new = Entitlement.objects.get_or_create(
        source=f"invoice:{invoice.reference}",
        defaults={
            "organization_id": invoice.customer_id,
            "name": terms["name"],
            "name_zh": terms["name_zh"],
            "desk": Desk.objects.get(slug=terms["desk"]),
            "policy": terms["policy"],
            "severities": terms["severities"],
            "contacts": terms["contacts"],
            "begins_at": at,
            "ends_at": _months_later(at, terms["months"], ZoneInfo(invoice.customer.timezone)),
        },
    )
    if is_new:
        Quota.objects.bulk_create(
            Quota(entitlement=entitlement, unit=unit, granted=granted) for unit, granted in terms["quotas"].items()
        )
    return entitlement


@verb
def take(entitlement_pk: int, unit: str, *, at: datetime) -> None:
    """Use one of `unit`, if one is left: one conditional UPDATE, so that two people never get the last one both.

    Raises QuotaUsed, or NotInForce when the entitlement does not hold at `at`. A unit without a quota has no limit.
    """
    if not _TAKING.do(entitlement=entitlement_pk, unit=unit, at=at):
        _explain(entitlement_pk, unit, at)


def _taking() -> tuple[Any, dict[str, Any]]:
    in_force = Entitlement.objects.in_force(when("at")).filter(pk=OuterRef("entitlement_id"))
    is_left = Q(granted=None) | Q(used__lt=F("granted"))
    rows = Quota.objects.filter(is_left, Exists(in_force), entitlement_id=Slot("entitlement"), unit=word("unit"))
    return rows, {"used": F("used") + 1}


_TAKING = Deed(_taking)


@verb
def give_back(entitlement_pk: int, unit: str) -> None:
    """Return one of `unit` that was taken; below zero nothing happens. An entitlement that has ended takes it too."""
    Quota.objects.filter(entitlement_id=entitlement_pk, unit=unit, used__gt=0).update(used=F("used") - 1)


def usable(organization: Organization, at: datetime) -> EntitlementQuerySet:
    """What the organization may use at `at`, what lasts longest first."""
    return Entitlement.objects.in_force(at).filter(organization=organization).order_by("-ends_at", "pk")


def _explain(entitlement_pk: int, unit: str, at: datetime) -> None:
    """Raise what kept the unit from being taken; nothing when the unit is not counted at all."""
    entitlement = Entitlement.objects.get(pk=entitlement_pk)
    if not entitlement.is_in_force(at):
        raise NotInForce(entitlement, at)
    if quota := entitlement.quotas.filter(unit=unit).first():
        raise QuotaUsed(entitlement, quota.granted or 0, unit)


def _months_later(at: datetime, months: int, zone: ZoneInfo) -> datetime:
    local = at.astimezone(zone)
    [last_day] = money.anchor_dates(local.date(), months, 1)
    return local.replace(year=last_day.year, month=last_day.month, day=last_day.day)
