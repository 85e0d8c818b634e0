"""Plans as they stand on the shelf."""

from datetime import datetime

from billing import money
from kit.projection import projection
from kit.words import for_reader
from marketplace.models import ListingVersion
from marketplace.models.listings import ListingVersionQuerySet
from promises.disclosure import PromiseRow, promise_table
from vendors.models import Vendor


@projection
class PriceView:
    """The price of one term in one currency: minor units, and the tax on them in hundredths of a percent."""

    currency: str
    amount: int
    tax_bps: int
    tax: int

    @property
    def tax_rate(self) -> str:
        return money.rate_text(self.tax_bps)

    @property
    def gross(self) -> int:
        return self.amount + self.tax


@projection
class PlanCard:
    """A plan on the shelf. `version` is its number, which an order names so that nobody buys what was not shown."""

    slug: str
    version: int
    name: str
    name_zh: str
    summary: str
    summary_zh: str
    policy: str
    seller: str
    seller_zh: str
    severities: tuple[int, ...]
    contacts: int
    tickets: int | None
    onsite_days: int
    months: int
    prices: tuple[PriceView, ...]
    promises: tuple[PromiseRow, ...]

    @property
    def title(self) -> str:
        return for_reader(self.name, self.name_zh)

    @property
    def line(self) -> str:
        """What it is for, in a sentence."""
        return for_reader(self.summary, self.summary_zh)

    def price(self, currency: str) -> PriceView | None:
        return next((price for price in self.prices if price.currency == currency), None)

    def promise(self, severity: int) -> PromiseRow | None:
        return next((row for row in self.promises if row.severity == severity), None)

    @property
    def answers(self) -> tuple[tuple[str, str, str], ...]:
        """Severity, time and hours of every first answer that is promised, in the reader's words."""
        return tuple(
            (f"S{row.severity}", *row.in_words(row.first_response))
            for row in self.promises
            if row.first_response is not None
        )


def shelf(at: datetime) -> tuple[PlanCard, ...]:
    """Every plan that anyone may buy now, in the order of the shelf, with what its policy promises at `at`."""
    return tuple(_card(version, at) for version in _on_sale())


def plan(slug: str, at: datetime) -> PlanCard:
    """One plan on the shelf. Raises ListingVersion.DoesNotExist."""
    return _card(_on_sale().get(listing__slug=slug), at)


def _on_sale() -> ListingVersionQuerySet:
    rows = ListingVersion.objects.published().filter(listing__vendor__state=Vendor.State.ACTIVE)
    return rows.select_related("listing__vendor__organization", "plan").prefetch_related("prices")


def _card(version: ListingVersion, at: datetime) -> PlanCard:
    terms, seller = version.plan, version.listing.vendor.organization
    return PlanCard(
        slug=version.listing.slug, version=version.number, name=version.name, name_zh=version.name_zh,
        summary=version.summary, summary_zh=version.summary_zh, policy=terms.policy, seller=seller.name,
        seller_zh=seller.name_zh, severities=tuple(terms.severities), contacts=terms.contacts, tickets=terms.tickets,
        onsite_days=terms.onsite_days, months=terms.months, promises=promise_table(terms.policy, at),
        prices=tuple(
            PriceView(
                currency=row.currency, amount=row.amount, tax_bps=row.tax_bps,
                tax=money.tax_exclusive([row.amount], row.tax_bps)[0],
            )
            for row in sorted(version.prices.all(), key=lambda row: row.currency)
        ),
    )  # fmt: skip
