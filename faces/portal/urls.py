"""Addresses of the portal, all behind one guard: outside people, each for their own organizations."""

from django.urls import path

from accounts.access import customer
from faces.portal import help, home, invoices, notices, orders, organizations, tickets
from kit.http import behind

TICKET = "tickets/<slug:reference>/"

urlpatterns = behind(
    customer,
    [
        path("", home.show, name="home"),
        path("tickets/", tickets.list_, name="tickets"),
        path("tickets/new/", tickets.file, name="ticket-new"),
        path("tickets/new/promise/", tickets.show_promise, name="ticket-promise"),
        path("tickets/new/template/", tickets.show_template, name="ticket-template"),
        path(TICKET, tickets.show, name="ticket"),
        path(f"{TICKET}live/", tickets.live, name="ticket-live"),
        path(f"{TICKET}words/", tickets.say, name="ticket-words"),
        path(f"{TICKET}urging/", tickets.urge, name="ticket-urging"),
        path(f"{TICKET}severity/", tickets.raise_severity, name="ticket-severity"),
        path(f"{TICKET}withdrawal/", tickets.withdraw, name="ticket-withdrawal"),
        path(f"{TICKET}closure/", tickets.close, name="ticket-closure"),
        path(f"{TICKET}rating/", tickets.rate, name="ticket-rating"),
        path(f"{TICKET}files/<slug:file>/", tickets.download, name="ticket-file"),
        path("help/", help.show, name="help"),
        path("notices/", notices.show, name="notices"),
        path("notices/reading/", notices.read_all, name="notices-reading"),
        path("organizations/new/", organizations.found_, name="organization-new"),
        path("orders/", orders.list_, name="orders"),
        path("orders/new/", orders.place, name="order-new"),
        path("orders/<slug:reference>/", orders.show, name="order"),
        path("invoices/", invoices.list_, name="invoices"),
        path("invoices/<slug:reference>/", invoices.show, name="invoice"),
        path("invoices/<slug:reference>/document/", invoices.download, name="invoice-document"),
        path("invoices/<slug:reference>/cards/", invoices.pay_by_card, name="invoice-cards"),
        path("invoices/<slug:reference>/cards/<slug:card>/", invoices.show_card, name="invoice-card"),
        path("invoices/<slug:reference>/cards/<slug:card>/live/", invoices.live_card, name="invoice-card-live"),
        path("invoices/<slug:reference>/transfers/", invoices.announce, name="invoice-transfers"),
    ],
)
