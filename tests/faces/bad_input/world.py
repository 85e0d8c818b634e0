"""A world in which every form of the house stands on some page, and the walk through it that finds them."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from accounts.actions import departments, invitations
from accounts.models.inside import Team
from billing.models import ProviderEvent
from demo import cast
from desk.actions import handovers, help, offers, replies
from desk.models import Work
from notifications.models import Notice
from rnd.actions import investigations
from rnd.models import Investigation
from tests import make
from tests.faces.bad_input.pages import Form, Page
from tickets.actions import words

NOON = datetime(2026, 11, 24, 10, tzinfo=UTC)
BEFORE = NOON - timedelta(hours=2)
EACH = {"desk/tickets/<slug:reference>/": 5, "portal/tickets/<slug:reference>/": 4}
"""So many pages of one kind are read by one person, two where nothing is said."""
PEOPLE = ("anonymous", "nina", "ada", "charlie", "linhao", "omar", "dora", "ravi", "fang", "otto")
DOORS = (
    "/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/portal/", "/portal/organizations/new/",
    "/desk/", "/workshop/", "/office/", "/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", "/demo/",
    "/portal/tickets/new/", "/portal/orders/new/?plan=premium&currency=CNY",
)  # fmt: skip


@contextmanager
def standing() -> Iterator[None]:
    """The world, until the block ends."""
    with transaction.atomic(), time_machine.travel(BEFORE, tick=False) as clock:
        cast.gather()
        _story()
        clock.move_to(NOON)
        yield
        transaction.set_rollback(True)


def _story() -> None:
    """Nina's tickets: one open with everything on it, one solved, one offered, one in the pool; money in each state."""
    make.paid_invoice("nina", BEFORE)
    make.invoice("nina", BEFORE, plan="standard")
    make.announced(make.invoice("nina", BEFORE, plan="standard").reference, cast.person("nina"), BEFORE)
    make.paid_invoice("ada", BEFORE)
    ProviderEvent.objects.create(
        rail="sandbox", event="evt_1", kind="payment.captured", thing="pay_1", body="{}", created_at=BEFORE,
        received_at=BEFORE, state=ProviderEvent.State.DEAD, note="nothing of ours",
    )  # fmt: skip
    open_, solved = make.owned("nina", BEFORE), make.owned("nina", BEFORE, subject="Solved")
    _answer(open_, replies.send)
    log, later = SimpleUploadedFile("pods.log", b"OOMKilled"), BEFORE + timedelta(minutes=1)
    words.say(open_.ticket.reference, by=cast.person("nina"), at=later, body="Thank you.", files=[log])
    _answer(solved, replies.solve)
    make.work("ada", BEFORE, subject="Offered")
    pooled = make.owned("nina", BEFORE, subject="In the pool")
    handovers.give_back(pooled.ticket.reference, by=pooled.engineer.user, at=BEFORE, reason="The other desk knows.")
    while (work := Work.objects.select_related("engineer__user").get(pk=pooled.pk)).state == Work.State.OFFERED:
        offers.refuse(work.ticket.reference, by=work.engineer.user, at=BEFORE, reason="Not mine either.")
    for question in ("Why?", "And since when?"):
        request = help.ask(
            open_.ticket.reference, by=open_.engineer.user, at=BEFORE, title="Restarts", symptom="Pods restart.",
            environment="", tried="More memory.", question=question, topic="kubesphere",
        )  # fmt: skip
        investigations.take_in(request.pk, at=BEFORE)
    investigations.take(Investigation.objects.earliest("pk").reference, by=cast.person("ravi"), at=BEFORE)
    _company()
    dead = Notice.objects.filter(channel="mail").first()
    assert dead
    dead.state, dead.lease_until = Notice.State.DEAD, None
    dead.save()


def _company() -> None:
    """Nordlicht with a department and an invitation that waits, the house with one of its own."""
    by, company = cast.person("nina"), cast.company("nordlicht").reference
    departments.make(company, by=by, at=BEFORE, name="Warehouse")
    invitations.invite(company, by=by, at=BEFORE, address="new@nordlicht.example", role="member")
    team = Team.objects.get(kind=Team.Kind.SALES)
    invitations.invite_inside(team.pk, by=cast.person("otto"), at=BEFORE, address="new@harbour.example")


def _answer(work: Work, verb: Any) -> None:
    by, reference = work.engineer.user, work.ticket.reference
    seen = replies.preview(reference, by=by, body="We look at it.")
    verb(reference, by=by, at=BEFORE, body="We look at it.", digest=seen.digest)


class Person:
    """One of the cast with a browser, or nobody. What a request writes is taken back."""

    def __init__(self, key: str, *, checks_tokens: bool = False) -> None:
        self.key = key
        self.client = Client(enforce_csrf_checks=checks_tokens, raise_request_exception=False)
        if key in cast.BY_KEY and not cast.BY_KEY[key].teams and not checks_tokens:
            self.client.post("/accounts/login/", {"login": cast.BY_KEY[key].email, "password": cast.PASSWORD})
        elif key != "anonymous":
            self.client.force_login(cast.person(key))

    def ask(self, method: str, url: str, data: Any = None, **more: Any) -> HttpResponse:
        cookies = deepcopy(self.client.cookies)
        with transaction.atomic():
            if method == "post":
                response = self.client.post(url, data or {}, **more)
            else:
                response = self.client.generic(method.upper(), url, data or b"", **more)
            response.body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
            transaction.set_rollback(True)
        self.client.cookies = cookies
        return response


def page_of(url: str, response: HttpResponse) -> Page | None:
    is_page = response.status_code == 200 and response["Content-Type"].startswith("text/html")
    return Page(url, response.body.decode()) if is_page else None  # type: ignore[attr-defined]


class Walk:
    """Every page that the people can reach by links, a few of each kind: `forms` by address, `urls` by route."""

    def __init__(self) -> None:
        self.people = {key: Person(key) for key in PEOPLE}
        self.forms: dict[tuple[str, tuple[str, ...]], Form] = {}
        self.shared = Counter[str]()
        self.urls: dict[str, tuple[str, str]] = {}
        """Of each route: who could read which address."""
        for key, person in self.people.items():
            self._walk(key, person)

    def _walk(self, key: str, person: Person) -> None:
        waiting, seen, counted = list(DOORS), set(DOORS), Counter[str]()
        while waiting:
            url = waiting.pop(0)
            name = route(url)
            count = counted if url.startswith(FACES) else self.shared
            if name is None or count[name] >= EACH.get(name, 2) or name in LEFT_OUT:
                continue
            response = person.ask("get", url)
            page = page_of(url, response) or Page(url, "")
            page.links += [response["Location"]] if response.status_code == 302 else []
            count[name] += response.status_code == 200
            if response.status_code == 200:
                self.urls.setdefault(name, (key, url))
            self._note(key, page)
            links = [urljoin(url, link).split("#")[0] for link in page.links]
            waiting += [one for one in dict.fromkeys(links) if one not in seen and one.startswith("/")]
            seen.update(links)

    def _note(self, key: str, page: Page) -> None:
        """The forms of a page; of a form that only shows what would be sent, those of the page behind it too."""
        for form in page.forms:
            form.action, form.who = urljoin(page.address, form.action), key
            target = route(form.action)
            which = (target or "", tuple(sorted(form.names(*TOLD))))
            if target and which not in self.forms:
                self.forms[which] = form
                if target.endswith("/preview/"):
                    seen = page_of(
                        form.action, self.people[key].ask("post", form.action, form.filled("We look at it."))
                    )
                    self._note(key, seen) if seen else None

    def who(self, address: str) -> str:
        """Somebody who may come in at the face of an address."""
        face = address.split("/")[0]
        faces = {"desk": "linhao", "workshop": "ravi", "portal": "nina", "accounts": "nina"}
        if face == "office":
            return "fang" if "receivables" in address else "dora"
        return faces.get(face, "anonymous")

    def methods(self, address: str) -> str:
        """What an address says it allows."""
        url = "/" + re.sub(r"<(?:\w+:)?\w+>", "x", address)
        return self.people[self.who(address)].ask("OPTIONS", url).get("Allow", "POST")


FACES = ("/portal/", "/desk/", "/workshop/", "/office/")
"""What each person reads anew; the other pages are the same for all who have signed in."""
LEFT_OUT = ("demo/look/",)
"""Every component of the look with example words: it sends nothing."""
TOLD = (
    "text", "search", "textarea", "email", "url", "tel", "password", "hidden", "select", "radio", "checkbox", "file",
    "date", "number",
)  # fmt: skip


def route(url: str) -> str | None:
    """The pattern that answers an address, with its path parts unfilled."""
    try:
        return resolve(urlsplit(url).path).route
    except Resolver404:
        return None
