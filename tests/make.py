"""Data of the tests, made by the house's own verbs. What a test does not name has an ordinary value."""

from datetime import datetime

from accounts.models import User
from assets.models import Asset
from billing.actions import payments
from billing.models import Entitlement, Invoice, Transfer
from demo import cast, duty, promises, shelf
from desk.actions import offers, pool
from desk.models import Work
from duty.models import Desk
from marketplace.actions import orders
from marketplace.models import Order
from talk import door
from talk.models import Message
from tickets.actions import tickets
from tickets.models import Ticket


def desk(slug: str = "kubesphere") -> Desk:
    """A desk of the house."""
    house = cast.company("harbour")
    return Desk.objects.get_or_create(slug=slug, defaults={"owner": house, "name": "KubeSphere"})[0]


def plans() -> None:
    """The three plans of the house on the shelf, and the accounts for transfers."""
    desk()
    shelf.lay()


def order(by: str, at: datetime, *, plan: str = "premium", currency: str = "CNY") -> Order:
    """An order of somebody of the cast for the own company."""
    plans()
    company = cast.company(cast.BY_KEY[by].company)
    return orders.place(plan, by=cast.person(by), at=at, organization=company.reference, currency=currency)


def invoice(by: str, at: datetime, *, plan: str = "premium", currency: str = "CNY") -> Invoice:
    """The open invoice of such an order."""
    return Invoice.objects.get(reference=order(by, at, plan=plan, currency=currency).invoice)


def paid_invoice(by: str, at: datetime, *, plan: str = "premium", currency: str = "CNY") -> Invoice:
    """Such an invoice after Fang has found the whole money on the statement."""
    issued = invoice(by, at, plan=plan, currency=currency)
    confirm(issued.reference, at, amount=issued.gross, payer=issued.customer.name)
    return Invoice.objects.get(pk=issued.pk)


def confirm(reference: str, at: datetime, *, amount: int, payer: str, line: str = "", **more: object):
    """Fang confirms money on the statement; the line is the reference's own unless given."""
    return payments.confirm(
        reference, by=cast.person("fang"), at=at, amount=amount, payer=payer, received_on=at.date(),
        statement_line=line or f"line of {reference}", **more,
    )  # fmt: skip


def crew() -> Desk:
    """The demo desk with its engineers and rosters, and the promises that it keeps."""
    promises.lay()
    return duty.lay()


def ticket(
    by: str, at: datetime, *, severity: int = 3, plan: str = "premium", subject: str = "Pods stay Pending",
    body: str = "Since the upgrade nothing is scheduled.", category: str = "workloads", language: str = "",
) -> Ticket:  # fmt: skip
    """A ticket of somebody of the cast under a plan of the own company, or `plan=""` for community work."""
    crew()
    company = cast.company(cast.BY_KEY[by].company)
    bought = Entitlement.objects.filter(organization=company).in_force(at).first()
    if plan and bought is None:
        paid_invoice(by, at, plan=plan)
        bought = Entitlement.objects.filter(organization=company).in_force(at).get()
    asset = Asset.objects.filter(organization=company).order_by("pk").first()
    return tickets.submit(
        by=cast.person(by), at=at, organization=company.reference, category=category, subject=subject, body=body,
        severity=severity, entitlement=bought.reference if plan and bought else None, language=language,
        asset=asset.reference if asset else None,
    )  # fmt: skip


def work(by: str, at: datetime, **more: object) -> Work:
    """Such a ticket as the desk has taken it in: offered to somebody, where somebody can take it."""
    filed = ticket(by, at, **more)
    pool.take_in(filed.pk, at=at)
    return Work.objects.select_related("ticket", "engineer__user").get(ticket=filed)


def owned(by: str, at: datetime, **more: object) -> Work:
    """Such a ticket after the engineer to whom it was offered has acknowledged it."""
    offered = work(by, at, **more)
    offers.acknowledge(offered.ticket.reference, by=offered.engineer.user, at=at)
    return Work.objects.select_related("ticket", "engineer__user").get(pk=offered.pk)


def announced(reference: str, by: User, at: datetime) -> Transfer:
    """The customer's word that the open sum was sent, in the company's own name."""
    payer = Invoice.objects.get(reference=reference).customer.name
    return payments.announce(reference, by=by, at=at, payer=payer)


def refuse(reference: str, at: datetime) -> Transfer:
    """Fang does not find an announced transfer."""
    return payments.refuse(reference, by=cast.person("fang"), at=at, refusal=Transfer.Refusal.NOT_ARRIVED)


def speak(ticket: Ticket, at: datetime, body: str = "Please send the log.") -> Message:
    """Words of the desk through the door, said by Lin Hao; nothing else knows of them yet."""
    persona = ticket.desk.persona
    digest = door.preview(ticket.thread, body, persona=persona).digest
    return door.say(ticket.thread, by=cast.person("linhao"), at=at, body=body, digest=digest, persona=persona)
