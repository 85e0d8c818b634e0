"""Create four rows, in SQL and by the ORM; show fifty, by a template."""

import secrets

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from bench.bare.models import Clock, Event, Message, Ticket

SUBJECT, BODY = "Nodes NotReady after an upgrade", "All kubelets lost their certificates. " * 8


def create_raw(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bare_ticket (reference, organization, opened_by, subject, state, severity, language, owner,"
            " opened_at, changed_at) VALUES (%s, 1, 1, %s, 'open', 3, 'en', '', %s, %s) RETURNING id",
            [secrets.token_hex(6), SUBJECT, now, now],
        )
        (ticket,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO bare_message (ticket_id, voice, body, said_by, said_at)"
            " VALUES (%s, 'customer', %s, 1, %s) RETURNING id",
            [ticket, BODY, now],
        )
        cursor.execute(
            "INSERT INTO bare_clock (ticket_id, kind, state, started_at, due_at)"
            " VALUES (%s, 'first', 'running', %s, %s) RETURNING id",
            [ticket, now, now],
        )
        cursor.execute(
            "INSERT INTO bare_event (ticket_id, n, kind, by, at, data)"
            " VALUES (%s, 1, 'opened', 1, %s, '{}') RETURNING id",
            [ticket, now],
        )
    return HttpResponse("created", status=201)


def create_orm(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    with transaction.atomic():
        ticket = Ticket.objects.create(
            reference=secrets.token_hex(6), organization=1, opened_by=1, subject=SUBJECT, state="open", severity=3,
            language="en", owner="", opened_at=now, changed_at=now,
        )  # fmt: skip
        Message.objects.create(ticket=ticket, voice="customer", body=BODY, said_by=1, said_at=now)
        Clock.objects.create(ticket=ticket, kind="first", state="running", started_at=now, due_at=now)
        Event.objects.create(ticket=ticket, n=1, kind="opened", by=1, at=now)
    return HttpResponse("created", status=201)


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "bare.html", {"tickets": Ticket.objects.order_by("-opened_at")[:50]})


urlpatterns = [path("raw", create_raw), path("orm", create_orm), path("page", page)]
