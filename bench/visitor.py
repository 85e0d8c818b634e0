"""Somebody of the cast before the house's web server: signed in, with the form that the server gave them."""

import re
from contextlib import AbstractContextManager

from django.conf import settings
from django.test import Client
from django.utils.timezone import now

from accounts import factors
from bench import http
from billing.models import Entitlement, Quota
from demo import cast
from tests.infra import call
from tests.infra.databases import Database

FILING = "/portal/tickets/new/"
SUBJECT, BODY = "Nodes NotReady after an upgrade", "All kubelets lost their certificates. " * 8
"""As of the bare views."""


def served(database: Database, **settings: str) -> AbstractContextManager[int]:
    """The house on this database, behind the same gunicorn as the bare views; like them it keeps its connections."""
    environment = {"DATABASE_POOL": "true", "LOG_LEVEL": "ERROR", **settings}
    return http.server("config.wsgi", {**database.environment, **environment})


def cookies(database: Database, key: str) -> dict[str, str]:
    """The header of a signed-in reader."""
    return {"Cookie": call.answer(call.begin(database.environment, "bench.visitor:session", key))}


def session(key: str) -> str:
    """A session of one of the cast, as a cookie."""
    return f"{settings.SESSION_COOKIE_NAME}={client(key).cookies[settings.SESSION_COOKIE_NAME].value}"


def client(key: str) -> Client:
    """The same reader inside this process, where statements can be counted; the second factor is taken as given."""
    inside, person = Client(SERVER_NAME="localhost"), cast.person(key)
    inside.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    session = inside.session
    session[factors.MARK] = person.pk
    session.save()
    return inside


def filled(key: str) -> dict[str, str]:
    """A ticket's form for one of the cast, under the plan of their company, which from now on has no limit."""
    company = cast.company(cast.BY_KEY[key].company)
    plan = Entitlement.objects.filter(organization=company).in_force(now()).get()
    Quota.objects.filter(entitlement=plan).update(granted=None)
    return {
        "organization": company.reference, "entitlement": plan.reference, "category": "workloads", "severity": "3",
        "asset": "", "subject": SUBJECT, "body": BODY, "do": "send",
    }  # fmt: skip


def token(port: int, headers: dict[str, str]) -> tuple[str, str]:
    """The CSRF cookie and the token of the form, as the server gives them."""
    page = http.ask(port, http.request("GET", FILING, headers)).decode()
    cookie = re.search(r"Set-Cookie: +(csrftoken=\w+)", page)
    field = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    if not cookie or not field:
        raise http.Unexpected(page[:2000])
    return cookie[1], field[1]
