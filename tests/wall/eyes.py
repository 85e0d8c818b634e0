"""Everything that somebody outside can look at, enumerated: pages for each role, forms, files, mails, notices, rows.

Each channel yields named bytes. A route without values for its parts, or without words for its form, raises Unseen:
whoever adds a way out of the house adds how it is watched.
"""

import inspect
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test import Client
from django.urls import URLPattern
from django.utils import translation

from billing.models import Invoice
from config.checks import routes
from demo import cast
from kit import files
from kit.references import fresh
from kit.sides import Side
from marketplace.models import Order
from notifications import disclosure
from notifications.models import Notice
from talk.models import Attachment
from tests.wall.dice import Dice, rolling
from tickets.models import Ticket

OUTSIDE = ("storefront", "portal", "machines")
ROLES = ("anonymous", "nina", "jonas", "ada", "charlie")
"""Nobody, who asks, her colleague, a stranger's owner, and somebody who belongs to nothing."""
AT_INSIDE_DOORS = ("anonymous", "nina")
"""Who tries the addresses behind the wall: the guard answers before it knows which outsider it is."""
EXCEPTED = ("accounts/", "demo/")
"""Sign-in and account pages (DESIGN 9.5), which read accounts alone; and the demo's, open to this machine alone."""
WATCHED_ACCOUNTS = ("accounts/home/",)

FORMS: dict[str, dict[str, object]] = {
    "ticket-new": {
        "subject": "Another one", "body": "It broke.", "severity": 3, "category": "workloads", "source_key": "k",
    },
    "ticket-promise": {}, "ticket-template": {"category": "storage", "severity": 2},
    "ticket-words": {"body": "One more thing."}, "ticket-urging": {}, "ticket-withdrawal": {}, "ticket-closure": {},
    "ticket-severity": {"severity": 1, "reason": "Everything stands still."},
    "ticket-rating": {"score": 4, "comment": "Good."}, "organization-new": {"name": "New Co", "country": "DE"},
    "order-new": {"currency": "CNY", "token": "t"}, "invoice-transfers": {"payer": "Nordlicht"},
    "set-language": {"language": "zh-hans", "next": "/"},
}  # fmt: skip
"""What is sent to each form; pages that are only read need none."""
QUERIES = {"tickets": ("", "?show=open", "?show=over"), "order-new": ("?plan=premium&currency=USD",)}
SENDERS = ("nina", "ada")
"""Who sends forms: whose ticket it is, and a stranger. What the first one's forms write is compared too."""


class Unseen(AssertionError):
    """A way out of the house that nobody watches."""


class Peeping(AssertionError):
    """A page for outsiders asked an inside table."""


@dataclass(frozen=True, slots=True)
class Known:
    """What stands in addresses: references of the customer's things, and that of R&D's first investigation."""

    tickets: tuple[str, ...]
    invoices: tuple[str, ...]
    orders: tuple[str, ...]
    files: tuple[str, ...]
    inside: str

    @classmethod
    def now(cls) -> "Known":
        mine = cast.company("nordlicht")
        return cls(
            tickets=_references(Ticket.objects.filter(organization=mine)),
            invoices=_references(Invoice.objects.filter(customer=mine)),
            orders=_references(Order.objects.filter(customer=mine)),
            files=_references(Attachment.objects.filter(message__thread__organization=mine)),
            inside=FIRST_INVESTIGATION,
        )

    def of(self, address: str, part: str, *, is_theirs: bool) -> tuple[str, ...]:
        """Values for one part of an address: all for whose they are, the first for others; and one of the inside."""
        face, noun = [*address.split("/"), ""][:2]
        known = {"tickets": self.tickets, "invoices": self.invoices, "orders": self.orders}
        if part == "file":
            values = self.files
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


def inside_tables() -> list[str]:
    return [m._meta.db_table for m in apps.get_models() if getattr(m, "side", Side.PUBLIC) > Side.PUBLIC]


def public_rows() -> bytes:
    """Every public table, row for row."""
    models = [model for model in apps.get_models() if getattr(model, "side", None) == Side.PUBLIC]
    return serializers.serialize(
        "json", [row for model in models for row in model._default_manager.order_by("pk")], indent=1
    ).encode()


class Eyes:
    """Looks at a world as each role. `roles` may be fewer where time matters; what was seen is in `channels`."""

    def __init__(self, dice: Dice, roles: tuple[str, ...] = ROLES) -> None:
        self.dice, self.roles, self.channels = dice, roles, set()
        self.clients = {role: self._client(role) for role in roles}
        self._inside = re.compile('"({})"'.format("|".join(inside_tables())))

    def _client(self, role: str) -> Client:
        client = Client()
        if role != "anonymous":
            with self.dice.of(f"session of {role}", fresh=True):
                client.force_login(cast.person(role))
        return client

    def look(self) -> dict[str, bytes]:
        """All channels at this moment."""
        known = Known.now()
        logging.disable(logging.WARNING)
        seen: dict[str, bytes] = {}
        for address, pattern in watched():
            for role in self.roles:
                seen.update(self._pages(role, address, pattern, known))
        seen.update(self._mails())
        seen.update(self._notices())
        seen["public rows"] = public_rows()
        logging.disable(logging.NOTSET)
        return seen

    def _pages(self, role: str, address: str, pattern: URLPattern, known: Known) -> Iterator[tuple[str, bytes]]:
        is_outside, is_theirs = face_of(pattern) in OUTSIDE, role == "nina"
        self.channels.add(address)
        if not is_outside and role not in AT_INSIDE_DOORS:
            return
        for url in addresses(address, known, is_theirs=is_theirs):
            for query in QUERIES.get(pattern.name or "", ("",)):
                name, content = self._ask(role, "get", url + query, is_outside)
                yield name, content
                if is_theirs and is_outside and content.startswith(b"200"):
                    yield self._ask(role, "get", url + query, is_outside, accept_language="zh-hans", hx_request="true")
            if role in SENDERS and is_outside and pattern.name in FORMS:
                yield self._ask(role, "post", url, is_outside, data=self._form(pattern.name))

    def _form(self, name: str) -> dict[str, object]:
        return {**FORMS[name], "organization": cast.company("nordlicht").reference} if "new" in name else FORMS[name]

    def _ask(self, role: str, method: str, url: str, is_outside: bool, data=None, **headers) -> tuple[str, bytes]:
        """One request; what it writes is seen and taken back."""
        name = f"{role} {method} {url} {' '.join(sorted(headers))}".strip()
        statements: list[str] = []

        def listen(execute, sql, params, many, context):
            statements.append(sql)
            return execute(sql, params, many, context)

        with self.dice.of(f"channel {name}", fresh=True), transaction.atomic():
            with connection.execute_wrapper(listen):
                response = getattr(self.clients[role], method)(url, data, headers=headers)
                body = b"".join(response.streaming_content) if response.streaming else response.content
            rows = public_rows() if method == "post" and role == SENDERS[0] and response.status_code == 302 else b""
            transaction.set_rollback(True)
        if is_outside and (peeped := next(filter(self._inside.search, statements), None)):
            raise Peeping(f"{name}: {peeped}")
        head = "\n".join(f"{key}: {value}" for key, value in sorted(response.items()))
        cookies = response.cookies.output()
        return name, f"{response.status_code}\n{head}\n{cookies}\n\n".encode() + body + b"\n" + rows

    def _mails(self) -> Iterator[tuple[str, bytes]]:
        """What left for somebody outside, byte for byte, with the moment and the envelope's name."""
        outside = {cast.BY_KEY[key].email for key in cast.BY_KEY if not cast.BY_KEY[key].teams}
        for path in sorted(settings.OUTBOX_DIR.glob("*.eml")):
            content = path.read_bytes()
            if any(address in outside for address in str(message_from_bytes(content)["To"]).split(", ")):
                yield f"mail {path.name}", content

    def _notices(self) -> Iterator[tuple[str, bytes]]:
        """The lines on people's own pages, in both languages; and whose files lie in the store."""
        for language in ("en", "zh-hans"):
            with translation.override(language):
                for role in self.roles:
                    if role != "anonymous":
                        rows = Notice.objects.visible_to(cast.person(role)).on_page()
                        yield f"notices of {role} {language}", repr(disclosure.lines(rows)).encode()
        for sha256 in Attachment.objects.order_by("pk").values_list("sha256", flat=True):
            yield f"file {sha256}", files.content(sha256).read_bytes()
