"""The shelf of the house: three plans for one desk and one for another, their prices, and where the money goes."""

from collections.abc import Mapping
from datetime import UTC, datetime

from billing.models import BankAccount
from demo import cast
from duty.models import Desk
from kit.verbs import verb
from marketplace.actions import listings
from marketplace.actions.listings import Offer, PlanDraft
from marketplace.models import Listing
from vendors.actions import vendors
from vendors.models import Vendor

OPENED = datetime(2026, 1, 1, tzinfo=UTC)
VAT_BPS = 600
"""The Chinese rate for services; exports of them are free of it."""


def _prices(yuan: int, dollars: int) -> dict[str, Offer]:
    return {"CNY": Offer(yuan * 100, VAT_BPS), "USD": Offer(dollars * 100)}


PLANS = {
    "standard": PlanDraft(
        name="Standard", name_zh="标准版", position=1, policy="standard", contacts=3, prices=_prices(68_000, 9_500),
        summary="Teams that work office hours in China", summary_zh="适合按国内工作时间运维的团队",
    ),
    "premium": PlanDraft(
        name="Premium", name_zh="高级版", position=2, policy="premium", contacts=6, prices=_prices(168_000, 23_500),
        summary="Production that must be watched at night", summary_zh="适合夜里也要有人盯的生产系统",
    ),
    "premium-onsite": PlanDraft(
        name="Premium + on-site", name_zh="高级版+现场", position=3, policy="premium-onsite", contacts=10,
        onsite_days=6, prices=_prices(298_000, 41_600),
        summary="Clusters where a person has to come", summary_zh="适合需要工程师到场的集群",
    ),
}  # fmt: skip
EUROPE = {
    "standard-europe": PlanDraft(
        name="Standard Europe", name_zh="标准版（欧洲）", position=1, policy="standard-europe", contacts=3,
        prices=_prices(68_000, 9_500), summary="Teams that work office hours in Germany",
        summary_zh="适合按德国工作时间运维的团队",
    ),
}  # fmt: skip
BANKS = {
    "CNY": ("港湾软件有限公司", "示例银行上海张江支行", "6200 0788 4510 602", ""),
    "USD": (
        "Harbour Software Co., Ltd.",
        "Sample Bank, Shanghai",
        "6200 0788 4532 1002",
        "SMPLCNSH",
    ),
}


@verb
def lay() -> None:
    """Let the house sell the plans of its first desk. Laying again changes nothing."""
    house = cast.company("harbour")
    vendor = vendors.admit(house, commission_bps=0)
    for currency, (holder, bank, number, swift) in BANKS.items():
        BankAccount.objects.get_or_create(
            owner=house, currency=currency,
            defaults={"holder": holder, "bank": bank, "number": number, "swift": swift},
        )  # fmt: skip
    _shelve(PLANS, vendor, Desk.objects.get(slug="kubesphere"))


@verb
def lay_europe() -> None:
    """And the plan of the desk for Europe."""
    _shelve(EUROPE, vendors.admit(cast.company("harbour"), commission_bps=0), Desk.objects.get(slug="europe"))


def _shelve(plans: Mapping[str, PlanDraft], vendor: Vendor, desk: Desk) -> None:
    for slug, draft in plans.items():
        if not Listing.objects.filter(slug=slug).exists():
            listings.publish(slug, draft, vendor=vendor, desk=desk, at=OPENED)
