"""Addresses of the desk, all behind one guard: duty engineers and duty managers."""

from django.urls import path

from accounts.access import engineer
from faces.desk import help, notices, palette, queue, shift, tickets
from kit.http import behind
from kit.limits import limited

TICKET = "tickets/<slug:reference>/"

urlpatterns = behind(
    engineer,
    [
        path("", limited("searching", queue.show, read=True), name="queue"),
        path("shift/", shift.show, name="shift"),
        path("help/", help.show, name="help"),
        path("palette/", palette.show, name="palette"),
        path("notices/", notices.show, name="notices"),
        path("notices/reading/", notices.read_all, name="notices-reading"),
        path(TICKET, tickets.show, name="ticket"),
        path(f"{TICKET}earlier/", tickets.show_earlier, name="ticket-earlier"),
        path(f"{TICKET}acknowledgement/", tickets.acknowledge, name="ticket-acknowledgement"),
        path(f"{TICKET}refusal/", tickets.refuse, name="ticket-refusal"),
        path(f"{TICKET}owner/", tickets.take, name="ticket-owner"),
        path(f"{TICKET}return/", tickets.give_back, name="ticket-return"),
        path(f"{TICKET}preview/", limited("previewing", tickets.preview), name="ticket-preview"),
        path(f"{TICKET}replies/", limited("previewing", tickets.reply), name="ticket-replies"),
        path(f"{TICKET}notes/", tickets.note, name="ticket-notes"),
        path(f"{TICKET}aside/", tickets.set_aside, name="ticket-aside"),
        path(f"{TICKET}severity/", tickets.confirm_severity, name="ticket-severity"),
        path(f"{TICKET}help/", tickets.ask_help, name="ticket-help"),
        path(f"{TICKET}help/<slug:request_reference>/end/", tickets.withdraw_help, name="ticket-help-end"),
        path(f"{TICKET}files/<slug:file>/", tickets.download, name="ticket-file"),
    ],
)
