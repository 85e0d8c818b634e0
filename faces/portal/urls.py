"""Addresses of the portal, all behind one guard: outside people, each for their own organizations."""

from django.urls import path

from accounts.access import customer
from faces.portal import help, home, invoices, members, notices, orders, organizations, tickets
from kit.http import behind
from kit.limits import limited

TICKET = "tickets/<slug:reference>/"

urlpatterns = behind(
    customer,
    [
        path("", home.show, name="home"),
        path("tickets/", tickets.list_, name="tickets"),
        path("tickets/new/", limited("filing", tickets.file), name="ticket-new"),
        path("tickets/new/promise/", limited("previewing", tickets.show_promise, read=True), name="ticket-promise"),
        path("tickets/new/template/", limited("previewing", tickets.show_template), name="ticket-template"),
        path(TICKET, tickets.show, name="ticket"),
        path(f"{TICKET}live/", tickets.live, name="ticket-live"),
        path(f"{TICKET}words/", limited("speaking", tickets.say), name="ticket-words"),
        path(f"{TICKET}urging/", limited("urging", tickets.urge), name="ticket-urging"),
        path(f"{TICKET}severity/", limited("urging", tickets.raise_severity), name="ticket-severity"),
        path(f"{TICKET}withdrawal/", tickets.withdraw, name="ticket-withdrawal"),
        path(f"{TICKET}closure/", tickets.close, name="ticket-closure"),
        path(f"{TICKET}rating/", tickets.rate, name="ticket-rating"),
        path(f"{TICKET}files/<slug:file>/", tickets.download, name="ticket-file"),
        path("help/", help.show, name="help"),
        path("notices/", notices.show, name="notices"),
        path("notices/reading/", notices.read_all, name="notices-reading"),
        path("members/", members.list_, name="members"),
        path("members/<slug:organization>/", limited("inviting", members.show), name="members-of"),
        path(
            "members/<slug:organization>/invitations/<slug:invitation>/",
            limited("inviting", members.answer_invitation),
            name="member-invitation",
        ),
        path("members/<slug:organization>/departments/", members.make_department, name="departments"),
        path(
            "members/<slug:organization>/departments/<slug:department>/", members.change_department, name="department"
        ),
        path("members/<slug:organization>/people/<slug:member>/", members.change, name="member"),
        path("members/<slug:organization>/people/<slug:member>/removal/", members.remove, name="member-removal"),
        path("organizations/new/", limited("buying", organizations.found_), name="organization-new"),
        path("orders/", orders.list_, name="orders"),
        path("orders/new/", limited("buying", orders.place), name="order-new"),
        path("orders/<slug:reference>/", orders.show, name="order"),
        path("invoices/", invoices.list_, name="invoices"),
        path("invoices/<slug:reference>/", invoices.show, name="invoice"),
        path(
            "invoices/<slug:reference>/document/",
            limited("searching", invoices.download, read=True),
            name="invoice-document",
        ),
        path("invoices/<slug:reference>/transfers/", limited("buying", invoices.announce), name="invoice-transfers"),
        path("invoices/<slug:reference>/cards/", limited("buying", invoices.pay_by_card), name="invoice-cards"),
        path("invoices/<slug:reference>/cards/<slug:card>/", invoices.show_card, name="invoice-card"),
        path("invoices/<slug:reference>/cards/<slug:card>/live/", invoices.live_card, name="invoice-card-live"),
    ],
)
