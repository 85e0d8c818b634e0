"""Verbs on listings: what stands on the shelf, version by version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from duty.models import Desk
from kit.verbs import Refused, verb
from marketplace.models import Listing, ListingVersion, Plan, Price
from vendors.models import Vendor


class NotForSale(Refused):
    """The vendor may not sell now, or what would be published is not whole."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a price is asked for in one currency: minor units without tax, and the tax in hundredths of a percent."""

    amount: int
    tax_bps: int = 0


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """One wording and price list of a plan, as it is to stand on the shelf. `tickets` None is without limit."""

    name: str
    name_zh: str
    summary: str
    summary_zh: str
    policy: str
    contacts: int
    prices: Mapping[str, Offer]
    tickets: int | None = None
    onsite_days: int = 0
    severities: Sequence[int] = (1, 2, 3, 4)
    months: int = 12
    position: int = field(default=0, kw_only=True)


@verb
def publish(slug: str, draft: PlanDraft, *, vendor: Vendor, desk: Desk, at: datetime) -> ListingVersion:
    """Put a new version of a plan on the shelf; the one before is superseded and orders keep it.

    Raises NotForSale for a vendor that may not sell, a desk of somebody else, or a draft without a price.
    """
    if vendor.state != Vendor.State.ACTIVE:
        raise NotForSale(_("This vendor cannot sell at the moment."))
    if desk.owner_id != vendor.organization_id:
        raise NotForSale(_("A plan is answered by a desk of its own vendor."))
    if not draft.prices:
        raise NotForSale(_("A plan needs a price."))
    listing, _made = Listing.objects.get_or_create(
        slug=slug, defaults={"vendor": vendor, "kind": Listing.Kind.PLAN, "position": draft.position}
    )
    if listing.vendor_id != vendor.pk:
        raise NotForSale(_("This name on the shelf belongs to another vendor."))
    listing = Listing.objects.select_for_update().get(pk=listing.pk)
    versions = listing.versions.order_by("-number")
    versions.filter(state=ListingVersion.State.PUBLISHED).update(state=ListingVersion.State.SUPERSEDED)
    last = versions.first()
    version = ListingVersion.objects.create(
        listing=listing, number=last.number + 1 if last else 1, state=ListingVersion.State.PUBLISHED,
        name=draft.name, name_zh=draft.name_zh, summary=draft.summary, summary_zh=draft.summary_zh, published_at=at,
    )  # fmt: skip
    Plan.objects.create(
        version=version, desk=desk, policy=draft.policy, severities=list(draft.severities), contacts=draft.contacts,
        tickets=draft.tickets, onsite_days=draft.onsite_days, months=draft.months,
    )  # fmt: skip
    Price.objects.bulk_create(
        Price(version=version, currency=currency, amount=offer.amount, tax_bps=offer.tax_bps)
        for currency, offer in sorted(draft.prices.items())
    )
    return version
