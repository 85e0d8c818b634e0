"""Verbs on orders: placed with an invoice in the same transaction, funded when that is paid."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts import access
from accounts.models import Membership, Organization
from billing.actions import invoices
from billing.models import Quota
from kit.verbs import Actor, Refused, verb
from marketplace.models import ListingVersion, Order, Price
from vendors.models import Vendor

DAYS_TO_PAY = 30
"""From the day of the invoice, in the customer's zone."""


class NotABuyer(Refused):
    """The actor may see the organization but not buy for it."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        super().__init__(
            _("Your role in %(name)s does not allow orders. Ask an owner, an admin, or whoever pays the bills.")
            % {"name": organization.name}
        )


class NotForSale(Refused):
    """Nobody can buy this now, or not in this currency."""

    def __init__(self, slug: str, currency: str) -> None:
        self.slug, self.currency = slug, currency
        super().__init__(_("This plan cannot be ordered in %(currency)s at the moment.") % {"currency": currency})


class Changed(Refused):
    """Another version came onto the shelf after the customer looked."""

    def __init__(self, version: ListingVersion) -> None:
        self.version = version
        super().__init__(_("The plan has changed since you opened this page. Look at the new price and terms first."))


@verb
def place(
    slug: str, *, by: Actor, at: datetime, organization: str, currency: str, version: int | None = None,
    form: str | None = None,
) -> Order:  # fmt: skip
    """Order a plan for an organization and invoice it at once; nothing begins before the invoice is paid.

    `version` is what the customer looked at, `form` the token of the form: the same form places one order. Raises
    Organization.DoesNotExist, ListingVersion.DoesNotExist, NotABuyer, NotForSale, Changed.
    """
    customer = (
        Organization.objects.visible_to(by).select_for_update(of=("self",), no_key=True).get(reference=organization)
    )  # the lock under which the same form finds its order
    if form and (placed := Order.objects.filter(customer=customer, form=form).first()):
        return placed
    if not access.has_role(by, customer.pk, Membership.BUYING):
        raise NotABuyer(customer)
    bought, price = _on_the_shelf(slug, currency)
    if version is not None and version != bought.number:
        raise Changed(bought)
    order = Order.objects.create(
        version=bought, customer=customer, placed_by_id=by.pk, currency=currency, amount=price.amount, placed_at=at,
        form=form or None,
    )  # fmt: skip
    order.invoice = _invoice(order, price, at)
    order.save(update_fields=["invoice"])
    return order


@verb
def fund(source: str, *, at: datetime) -> None:
    """What was invoiced under `source` is paid; when that is an order, it is funded. Twice is once."""
    kind, _colon, reference = source.partition(":")
    if kind == "order":
        awaiting = Order.objects.filter(reference=reference, state=Order.State.AWAITING_PAYMENT)
        awaiting.update(state=Order.State.FUNDED, funded_at=at)


def _on_the_shelf(slug: str, currency: str) -> tuple[ListingVersion, Price]:
    rows = ListingVersion.objects.published().select_related("listing__vendor__organization", "plan__desk")
    version = rows.get(listing__slug=slug)
    price = version.prices.filter(currency=currency).first()
    if price is None or version.listing.vendor.state != Vendor.State.ACTIVE:
        raise NotForSale(slug, currency)
    return version, price


def _invoice(order: Order, price: Price, at: datetime) -> str:
    version, plan = order.version, order.version.plan
    due_on = at.astimezone(ZoneInfo(order.customer.timezone)).date() + timedelta(days=DAYS_TO_PAY)
    line = invoices.Item(
        text=f"{version.name}, {plan.months} months", text_zh=f"{version.name_zh}，{plan.months}个月", net=price.amount
    )
    invoice = invoices.issue(
        seller=version.listing.vendor.organization, customer=order.customer, source=f"order:{order.reference}",
        currency=order.currency, lines=[line], tax_bps=price.tax_bps, at=at, due_on=due_on, terms=_terms(version),
    )  # fmt: skip
    return invoice.reference


def _terms(version: ListingVersion) -> dict[str, Any]:
    """What begins once it is paid, as it stands on the shelf now; later versions change nothing of it."""
    plan = version.plan
    quotas = {Quota.Unit.TICKETS.value: plan.tickets}
    if plan.onsite_days:
        quotas[Quota.Unit.ONSITE_DAYS.value] = plan.onsite_days
    return {
        "name": version.name, "name_zh": version.name_zh, "desk": plan.desk.slug, "policy": plan.policy,
        "severities": list(plan.severities), "contacts": plan.contacts, "months": plan.months, "quotas": quotas,
    }  # fmt: skip
