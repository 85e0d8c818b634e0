"""Plans as they stand on the shelf."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing import money
from kit.projection import projection
from kit.templatetags.look import span
from kit.words import for_reader
from marketplace.models import ListingVersion
from marketplace.models.listings import ListingVersionQuerySet
from promises.disclosure import PromiseRow, promise_table
from promises.models.policies import SEVERITIES
from promises.terms import in_force
from vendors.models import Vendor

DAY = 24 * 3600


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
    working_day: int
    """Seconds that count on a day of the contract's calendar; 0 where its days differ."""

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
            (f"S{row.severity}", *self.in_words(row, row.first_response))
            for row in self.promises
            if row.first_response is not None
        )

    def in_words(self, row: PromiseRow, seconds: int) -> tuple[str, str]:
        """A time promised in the hours of `row`: "2 h", "working hours"; whole working days as days."""
        day = DAY if row.is_day_and_night else self.working_day
        if day and seconds % day == 0:
            days = seconds // day
            unit = _("any day") if row.is_day_and_night else ngettext("working day", "working days", days)
            return (ngettext("%(count)d day", "%(count)d days", days) % {"count": days}, unit)
        return (span(seconds), _("day and night") if row.is_day_and_night else _("working hours"))


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
        working_day=_working_day(terms.policy, at),
        prices=tuple(
            PriceView(
                currency=row.currency, amount=row.amount, tax_bps=row.tax_bps,
                tax=money.tax_exclusive([row.amount], row.tax_bps)[0],
            )
            for row in sorted(version.prices.all(), key=lambda row: row.currency)
        ),
    )  # fmt: skip


def _working_day(policy: str, at: datetime) -> int:
    """By the calendar of the least severe matters, which is the contract's."""
    term = in_force(policy, SEVERITIES[-1], at)
    weekly = term.calendar.weekly if term else {}
    lengths = {sum(end - start for start, end in windows) for windows in weekly.values() if windows}
    return lengths.pop() * 60 if len(lengths) == 1 else 0
