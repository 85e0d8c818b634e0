"""The ways out of the house: every address that somebody outside could try, and what its parts and forms take."""

import inspect
import re
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import URLPattern
from django.utils import timezone

from accounts.models import Membership
from billing.models import CardPayment, Invoice
from config.checks import routes
from demo import cast
from kit.references import fresh
from marketplace import disclosure as shelf
from marketplace.models import Order
from talk.models import Attachment
from tests.wall.dice import rolling
from tickets.models import Ticket

OUTSIDE = ("storefront", "portal", "machines")
ROLES = ("anonymous", "nina", "jonas", "ada", "charlie")
"""Nobody, who asks, her colleague, a stranger's owner, and somebody who belongs to nothing."""
AT_INSIDE_DOORS = ("anonymous", "nina")
"""Who tries the addresses behind the wall: the guard answers before it knows which outsider it is."""
EXCEPTED = ("accounts/", "demo/", "sandbox/")
"""Sign-in and account pages (DESIGN 9.5), which read accounts alone; the demo's, open to this machine alone; and the
world outside in its box, which holds what it was told: that is a channel of its own (`eyes`)."""
WATCHED_ACCOUNTS = ("accounts/home/",)

FORMS: dict[str, dict[str, object]] = {
    "ticket-new": {
        "subject": "Another one", "body": "It broke.", "severity": 3, "category": "workloads", "source_key": "k",
    },
    "ticket-promise": {}, "ticket-template": {"category": "storage", "severity": 2},
    "ticket-words": {"body": "One more thing."}, "ticket-urging": {}, "ticket-withdrawal": {}, "ticket-closure": {},
    "ticket-severity": {"severity": 1, "reason": "Everything stands still."},
    "ticket-rating": {"score": 4, "comment": "Good."}, "organization-new": {"name": "New Co", "country": "DE"},
    "order-new": {"currency": "USD", "token": "t"}, "invoice-transfers": {"payer": "Nordlicht"}, "invoice-cards": {},
    "payment-events": {"id": "ev_1"},
    "members-of": {"address": "new@nordlicht.example", "role": "member", "language": "en"},
    "member-invitation": {"do": "revoke"}, "departments": {"name": "Hafen"}, "department": {"do": "archive"},
    "member": {"role": "viewer"}, "member-removal": {},
    "notices-reading": {}, "set-language": {"language": "zh-hans", "next": "/"},
}  # fmt: skip
"""What is sent to each form; pages that are only read need none."""
QUERIES = {"tickets": ("", "?show=open", "?show=over"), "order-new": ("?plan=premium&currency=USD",)}
SENDERS = ("nina", "ada")
"""Who sends forms: whose ticket it is, and a stranger. What the first one's forms write is compared too."""


class Unseen(AssertionError):
    """A way out of the house that nobody watches."""


@dataclass(frozen=True, slots=True)
class Known:
    """What stands in addresses: references of the customer's things, and that of R&D's first investigation."""

    tickets: tuple[str, ...]
    invoices: tuple[str, ...]
    orders: tuple[str, ...]
    cards: tuple[str, ...]
    organizations: tuple[str, ...]
    members: tuple[str, ...]
    files: tuple[str, ...]
    inside: str

    @classmethod
    def now(cls) -> "Known":
        mine = cast.company("nordlicht")
        return cls(
            tickets=_references(Ticket.objects.filter(organization=mine)),
            invoices=_references(Invoice.objects.filter(customer=mine)),
            orders=_references(Order.objects.filter(customer=mine)),
            cards=_references(CardPayment.objects.filter(invoice__customer=mine)),
            organizations=(mine.reference,),
            members=_references(Membership.objects.filter(organization=mine, role="member"))[:1],
            files=_references(Attachment.objects.filter(message__thread__organization=mine)),
            inside=FIRST_INVESTIGATION,
        )

    def of(self, address: str, part: str, *, is_theirs: bool) -> tuple[str, ...]:
        """Values for one part of an address: all for whose they are, the first for others; and one of the inside."""
        face, noun = [*address.split("/"), ""][:2]
        known = {"tickets": self.tickets, "invoices": self.invoices, "orders": self.orders}
        if part in ("file", "card"):
            values = {"file": self.files, "card": self.cards}[part]
        elif part in ("organization", "member"):
            values = {"organization": self.organizations, "member": self.members}[part]
        elif part in ("invitation", "department"):
            values = ()
        elif part == "person":
            return ("1", "999999")
        elif part == "code":
            return ("premium", "nothing")
        elif part == "rail":
            values = ("sandbox",)
        elif part.endswith("reference"):
            values = known.get(noun, ()) if face == "portal" else self.tickets[:1]
        else:
            raise Unseen(f"/{address}: nobody knows what {part} may be; add it to tests/wall/eyes.py")
        return (*(values if is_theirs else values[:1]), self.inside)


def _references(rows: QuerySet) -> tuple[str, ...]:
    return tuple(rows.order_by("pk").values_list("reference", flat=True))


def _first_investigation() -> str:
    with rolling() as dice, dice.of("rnd"):
        return fresh("V")


FIRST_INVESTIGATION = _first_investigation()
"""In worlds where R&D opens one it exists, in others it does not; outside nobody may tell."""


def face_of(pattern: URLPattern) -> str:
    """The face that answers, or the first word of the module that does."""
    module = inspect.unwrap(pattern.callback).__module__.split(".")
    return module[1] if module[0] == "faces" else module[0]


def watched() -> list[tuple[str, URLPattern]]:
    """Every address of this process that somebody outside could try, in order."""
    return [
        (address, pattern)
        for address, pattern in routes()
        if not address.startswith(EXCEPTED) or address in WATCHED_ACCOUNTS
    ]


def addresses(address: str, known: Known, *, is_theirs: bool = True) -> list[str]:
    """The address with every combination of values in its parts. Raises Unseen for a part that nobody knows."""
    found = [address]
    for whole, part in re.findall(r"(<(?:\w+:)?(\w+)>)", address):
        found = [one.replace(whole, value) for one in found for value in known.of(address, part, is_theirs=is_theirs)]
    return [f"/{one}" for one in found]


def form(name: str) -> dict[str, object]:
    """What is sent to the form of this name by somebody of Nordlicht."""
    more: dict[str, object] = {}
    if name in ("ticket-new", "ticket-promise", "ticket-template", "order-new"):
        more["organization"] = cast.company("nordlicht").reference
    if name == "order-new":
        more["version"] = shelf.plan("premium", timezone.now()).version
    return FORMS[name] | more
