"""Orders as their customers may see them."""

from datetime import datetime

from kit.projection import projection
from kit.verbs import Actor
from kit.words import for_reader
from marketplace.models import Order


@projection
class OrderView:
    """One order of the viewer's organization; `amount` without tax, `invoice` a reference, `placed_by` one of it."""

    reference: str
    state: Order.State
    customer: str
    customer_zh: str
    plan: str
    plan_zh: str
    currency: str
    amount: int
    invoice: str
    placed_by: str
    placed_at: datetime
    funded_at: datetime | None

    @property
    def title(self) -> str:
        return for_reader(self.plan, self.plan_zh)

    @property
    def who(self) -> str:
        """The customer's name in the reader's language."""
        return for_reader(self.customer, self.customer_zh)

    @property
    def is_funded(self) -> bool:
        return self.state == Order.State.FUNDED


def orders(viewer: Actor) -> tuple[OrderView, ...]:
    """The orders of the viewer's organizations, the newest first."""
    rows = Order.objects.visible_to(viewer).select_related("version", "customer", "placed_by")
    return tuple(_order(row) for row in rows.order_by("-placed_at", "-pk"))


def order(reference: str, viewer: Actor) -> OrderView:
    """One order. Raises Order.DoesNotExist for a foreign one, as for one that is not there."""
    return _order(
        Order.objects.visible_to(viewer).select_related("version", "customer", "placed_by").get(reference=reference)
    )


def _order(row: Order) -> OrderView:
    return OrderView(
        reference=row.reference, state=Order.State(row.state), customer=row.customer.name,
        customer_zh=row.customer.name_zh, plan=row.version.name,
        plan_zh=row.version.name_zh, currency=row.currency, amount=row.amount, invoice=row.invoice,
        placed_by=row.placed_by.name, placed_at=row.placed_at, funded_at=row.funded_at,
    )  # fmt: skip
