"""That the two-world test can fail: each leak below is put into the house, and must be seen from outside.

A leak knows what R&D did by `behind`, a memory of the process, and shows it somewhere small. It does nothing in a world
where R&D did nothing, so a difference is the leak itself.
"""

from collections import Counter
from datetime import timedelta

import pytest
from django.db.models import F
from django.http import HttpResponse

import kit.pages
from accounts.access import Guard
from demo import cast
from desk.models import HelpRequest
from faces.machines import plans
from kit import files, pdf
from notifications.channels import mail
from notifications.models import Notice
from notifications.models.inside import InsideNotice
from notifications.models.notices import NoticeRow
from rnd.models import Investigation
from talk import door
from talk.models import Message
from tests.proof import PROOF
from tests.wall import acts, worlds
from tests.wall.eyes import Peeping
from tests.wall.story import PLOTS
from tickets.disclosure import page, shelves
from tickets.disclosure.status import Status, public_status
from tickets.models import Clock, Ticket
from tickets.models.tickets import TicketQuerySet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stage")]
behind: Counter[str] = Counter()


def on_page(change):
    """A leak in how pages for outsiders are rendered."""

    def leak(patch) -> None:
        render = kit.pages.render

        def leaking(request, *rest, **more) -> HttpResponse:
            response = render(request, *rest, **more)
            if behind:
                change(response)
            return response

        patch.setattr(kit.pages, "render", leaking)

    return leak


def after(verb, change):
    """A leak in what a verb of R&D does to public rows."""

    def leak(patch) -> None:
        act_as_ever = acts.VERBS[verb]

        def leaking(act, at) -> None:
            act_as_ever(act, at)
            change(at)

        patch.setitem(acts.VERBS, verb, leaking)

    return leak


def add(response: HttpResponse, content: bytes) -> None:
    response.content += content


def with_a_query(response: HttpResponse) -> None:
    response.content = response.content.replace(b'href="/portal/tickets/', b'href="/portal/tickets/?r=')


def told_again(at) -> None:
    """A mail with nothing new in it, because something moved inside."""
    for row in Notice.objects.filter(recipient=cast.person("nina"), channel="mail")[:1]:
        row.pk, row.key, row.state, row.lease_until = None, f"again:{at}", NoticeRow.State.PENDING, None
        row.save()


def status(patch) -> None:
    """A sixth status: with engineering, written as another one of the five."""

    def leaking(state, replied_at) -> Status:
        return Status.IN_PROGRESS if behind["publish"] else public_status(state, replied_at)

    for module in (page, shelves):
        patch.setattr(module, "public_status", leaking)


def after_the_door(**change):
    """A leak in the words that leave: who spoke, or when."""

    def leak(patch) -> None:
        say = door.say

        def leaking(*rest, **more) -> Message:
            message = say(*rest, **more)
            if behind:
                Message.objects.filter(pk=message.pk).update(**change)
            return message

        patch.setattr(door, "say", leaking)

    return leak


def order_of_the_list(patch) -> None:
    newest_first = TicketQuerySet.newest_first
    patch.setattr(
        TicketQuerySet, "newest_first", lambda self: self.order_by("opened_at") if behind else newest_first(self)
    )


def count_for_programs(patch) -> None:
    to_json = plans.to_json
    patch.setattr(plans, "to_json", lambda value: to_json(value) | ({"busy": True} if behind else {}))


def name_of_a_file(patch) -> None:
    answer = files.answer
    patch.setattr(files, "answer", lambda name, *rest: answer(f"ravi-{name}" if behind else name, *rest))


def line_on_paper(patch) -> None:
    render = pdf.render
    patch.setattr(
        pdf, "render", lambda name, data, *, at: render(name, data | ({"notes": ["busy"]} if behind else {}), at=at)
    )


def header_of_a_mail(patch) -> None:
    class Leaking(mail.EmailMessage):
        def message(self, *rest, **more):
            made = super().message(*rest, **more)
            if behind:
                made["X-Worker"] = "rnd"
            return made

    patch.setattr(mail, "EmailMessage", Leaking)


def shared_counter(patch) -> None:
    """Ids of mails counted through, inside ones too."""
    create = Notice.__init__

    def leaking(self, *rest, **more) -> None:
        create(self, *rest, **more)
        if not self.pk and behind:
            self.message_id = f"{InsideNotice.objects.count():032x}"

    patch.setattr(Notice, "__init__", leaking)


def door_that_knows(patch) -> None:
    """Another answer for what exists than for what does not."""
    call = Guard.__call__

    def leaking(self, request):
        words = request.path.split("/")
        if "workshop" in words and Investigation.objects.filter(reference__in=words).exists():
            return HttpResponse(status=403)
        return call(self, request)

    patch.setattr(Guard, "__call__", leaking)


LEAKS = {
    "status": status,
    "touched": after("publish", lambda at: Ticket.objects.update(last_said_at=at)),
    "clock": after("read", lambda at: Clock.objects.update(due_at=F("due_at") + timedelta(minutes=1))),
    "mail_without_news": after("publish", told_again),
    "persona": after_the_door(persona="Ravi"),
    "moment_of_the_words": after_the_door(said_at=F("said_at") + timedelta(seconds=1)),
    "header": on_page(lambda response: response.headers.setdefault("X-Help", "1")),
    "etag": on_page(lambda response: response.headers.setdefault("ETag", f'"{sum(behind.values())}"')),
    "cookie": on_page(lambda response: response.set_cookie("seen", "1")),
    "comment": on_page(lambda response: add(response, b"<!-- V -->")),
    "query": on_page(with_a_query),
    "length": on_page(lambda response: add(response, b" ")),
    "order": order_of_the_list,
    "programs": count_for_programs,
    "file": name_of_a_file,
    "mail": header_of_a_mail,
    "paper": line_on_paper,
    "counter": shared_counter,
    "door": door_that_knows,
}  # fmt: skip


TICKET = "portal/tickets/<slug:reference>/"
LOOKED_AT = (
    "portal/tickets/", TICKET, f"{TICKET}live/", f"{TICKET}files/<slug:file>/", "portal/notices/", "machines/plans/",
    "portal/invoices/<slug:reference>/document/", "workshop/investigations/<slug:reference>/",
)  # fmt: skip
"""Pages on which the leaks show; with PROOF they are looked for on all pages."""


@worlds.remembered
def quiet() -> worlds.Seen:
    return look()


def look(history: worlds.History = ()) -> worlds.Seen:
    """As Nina, at the end, without sending forms: what every leak must survive to be one."""
    behind.clear()
    only = () if PROOF > 1 else LOOKED_AT
    return worlds.play(PLOTS[0], history, do=remembering, roles=("nina",), looks=(worlds.END,), sends=False, only=only)


def remembering(act: acts.Act, at) -> None:
    if acts.do(act, at):
        behind[act.verb] += 1


def test_without_a_leak_nothing_is_seen():
    assert worlds.differences(quiet(), look(acts.BUSY)) == []
    assert set(behind) == set(acts.VERBS), "the busy history leaves something out"


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
def test_a_leak_is_seen(leak, monkeypatch):
    before = quiet()
    leak(monkeypatch)
    if PROOF > 1:
        assert worlds.differences(before, look()) == [], "the leak shows something even where nothing happened"
    assert worlds.differences(before, look(acts.BUSY)) != []


def test_a_page_that_only_asks_an_inside_table_is_seen(monkeypatch):
    on_page(lambda response: HelpRequest.objects.count())(monkeypatch)
    with pytest.raises(Peeping):
        look(acts.BUSY)
