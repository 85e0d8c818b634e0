"""Who has bought what, and what of it is paid: each state that an invoice and a transfer can have.

The first four purchases are older than every ticket, whose promises they carry. Meridian has nothing yet: Ada is the
one who compares plans.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from billing.actions import cards, payments
from billing.models import CardPayment, Invoice, Transfer
from demo import cast
from demo.parts import next_awake
from demo.stage import Act, Stage
from marketplace.actions import orders

OTHER_PAYER = "浦江投资有限公司"
PAYING = timedelta(minutes=2)
WHY_OTHER = "集团内代付，客户邮件确认过"

PURCHASES: tuple[tuple[int, str, str, str, tuple[tuple[int, str, str], ...]], ...] = (
    (62, "greta", "standard-europe", "USD",
     ((2, "announce", ""), (4, "refuse", ""), (6, "announce", ""), (8, "confirm", "100"))),
    (58, "zhoumin", "premium-onsite", "CNY", ((1, "announce", ""), (3, "confirm", "40"), (9, "confirm", "60"))),
    (55, "nina", "premium", "USD", ((0, "card", ""),)),
    (54, "lihang", "standard", "CNY", ((3, "confirm", "100"),)),
    (41, "lihang", "premium", "CNY", ()),
    (20, "zhoumin", "standard", "CNY", ((9, "confirm", "50"),)),
    (12, "lena", "standard", "USD", ((9, "announce", ""),)),
    (3, "greta", "premium", "USD", ()),
)  # fmt: skip
"""Days ago, buyer, plan, currency, and then so many days later: by card, announced, refused, or found in percent.

The 41 days are past their 30 to pay; of the 20 a half is paid by somebody else; the 12 wait for Fang; the 3 are open.
"""


def plan(stage: Stage) -> None:
    """Put every order and every transfer on the stage."""
    for number, (days, buyer, slug, currency, money) in enumerate(PURCHASES):
        at = next_awake(cast.BY_KEY[buyer], stage.until - timedelta(days=days)) + timedelta(minutes=11 * number)
        stage.plan(at, _ordering(stage, buyer, slug, currency, money))


def _ordering(stage: Stage, buyer: str, slug: str, currency: str, money: tuple[tuple[int, str, str], ...]) -> Act:
    def order(at: datetime) -> None:
        company = cast.company(cast.BY_KEY[buyer].company)
        placed = orders.place(slug, by=cast.person(buyer), at=at, organization=company.reference, currency=currency)
        for line, (days, act, percent) in enumerate(money):
            by = cast.BY_KEY[buyer if act in ("announce", "card") else "fang"]
            later = next_awake(by, at + timedelta(days=days))
            stage.plan(later, _moving(placed.invoice, buyer, act, percent, line))

    return order


def _moving(reference: str, buyer: str, act: str, percent: str, line: int) -> Act:
    def announce(at: datetime) -> None:
        payer = Invoice.objects.select_related("customer").get(reference=reference).customer.name
        payments.announce(reference, by=cast.person(buyer), at=at, payer=payer)

    def refuse(at: datetime) -> None:
        waiting = Transfer.objects.get(invoice__reference=reference, state=Transfer.State.ANNOUNCED)
        payments.refuse(
            waiting.reference, by=cast.person("fang"), at=at, refusal=Transfer.Refusal.NOT_ARRIVED, note="两天内未到账"
        )

    def confirm(at: datetime) -> None:
        invoice = Invoice.objects.select_related("customer", "seller").get(reference=reference)
        is_other = percent == "50"
        received_on = at.astimezone(ZoneInfo(invoice.seller.timezone)).date()
        payments.confirm(
            reference, by=cast.person("fang"), at=at, amount=round(invoice.gross * int(percent) / 100),
            payer=OTHER_PAYER if is_other else invoice.customer.name, received_on=received_on,
            statement_line=f"{received_on:%Y%m%d}-{invoice.number[-3:]}{line}", reason=WHY_OTHER if is_other else "",
        )  # fmt: skip

    def card(at: datetime) -> None:
        """As the card company tells of it a moment later; its own books begin with the house's first real minute."""
        begun = cards.begin(reference, by=cast.person(buyer), at=at, rail="sandbox")
        seen = cards.Seen(
            reference=begun.reference, state=CardPayment.State.CAPTURED, checkout=f"demo-{begun.reference}", address="",
            currency=begun.currency, amount=begun.amount, charge=f"demo-{begun.reference}",
            fee=begun.amount * settings.SANDBOX_CARD_FEE_BPS // 10_000,
        )  # fmt: skip
        cards.learn(begun, seen, at=at + PAYING)

    return {"announce": announce, "refuse": refuse, "confirm": confirm, "card": card}[act]
