"""Break each rule of the house once, in a copy of the tree, and say which check must notice.

`tests/test_violations.py` applies them: those of LINTED to one copy that import-linter reads, those of STARTED to
another copy that starts and is read by `tests.house`.
"""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: `text` is appended to `path` (made if missing); `caught_by` must say `evidence`."""

    name: str
    path: str
    text: str
    caught_by: str
    evidence: str

    def apply(self, root: Path) -> None:
        """Break the copy of the tree at `root`."""
        path = root / self.path
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else '"""Made by a violation."""\n'
        path.write_text(before + "\n" + self.text + "\n", encoding="utf-8")


LINTED = (
    Violation("a lower floor imports a higher one", "duty/hours.py", "import tickets.sla",
              "The house stands on its floors", "duty.hours -> tickets.sla"),
    Violation("answering knows selling", "tickets/sla.py", "from marketplace.models import Order",
              "Selling and answering meet only in the entitlement", "tickets.sla -> marketplace.models"),
    Violation("an outside face reaches the desk, four files away", "kit/pages.py", "import desk.board",
              "The wall: outside faces do not know what is behind it", "kit.pages -> desk.board"),
    Violation("an outside face holds rows", "faces/portal/home.py", "from tickets.models import Ticket",
              "The wall: outside faces hold projections, never rows", "faces.portal.home -> tickets.models"),
    Violation("what outsiders read is built from an inside table", "notifications/disclosure.py",
              "from notifications.models.inside import InsideNotice",
              "The wall: what outsiders read is built without inside tables",
              "notifications.disclosure -> notifications.models.inside"),
    Violation("a channel reads tables", "notifications/channels/inapp.py", "from notifications.models import Notice",
              "The wall: outlets are built from disclosure", "notifications.channels.inapp -> notifications.models"),
    Violation("a receiver behind the wall acts", "desk/receivers.py", "from desk.actions import pool",
              "The wall: a receiver behind it only rings", "desk.receivers -> desk.actions.pool"),
    Violation("a face opens the door itself", "faces/desk/tickets.py", "from talk import door",
              "One door: only verbs that speak for a counter may open it", "faces.desk.tickets -> talk.door"),
    Violation("somebody else writes the books", "marketplace/actions/orders.py", "from billing import ledger",
              "One writer of the books", "marketplace.actions.orders -> billing.ledger"),
    Violation("a face knows another", "faces/portal/home.py", "import faces.storefront.plans",
              "Faces do not know each other", "faces.portal.home -> faces.storefront.plans"),
    Violation("a table calls a verb", "tickets/models/tickets.py", "import tickets.actions.words",
              "Inside an app: bells, outlets, verbs, nouns, tables, facts, arithmetic",
              "tickets.models.tickets -> tickets.actions.words"),
    Violation("a module with a name that nobody decided", "tickets/helpers.py", "",
              "Inside an app: bells, outlets, verbs, nouns, tables, facts, arithmetic", "helpers"),
    Violation("arithmetic imports Django", "billing/money.py", "from django.conf import settings",
              "Arithmetic knows no Django", "billing.money -> django"),
    Violation("somebody imports the sandbox", "demo/cast.py", "import sandbox.mail",
              "Nobody imports the sandbox", "demo.cast -> sandbox.mail"),
    Violation("neighbours go in a circle", "talk/models/threads.py", "import talk.door",
              "No circles between neighbours", "talk.models.threads -> talk.door"),
)  # fmt: skip

STARTED = (
    Violation("a table without a side", "assets/models/assets.py",
              "class Sideless(models.Model):\n    pass",
              "every_model_declares_its_side", "Sideless declares no side"),
    Violation("a table on the wrong side of its place", "assets/models/assets.py",
              "class Misplaced(models.Model):\n    side = Side.RND",
              "every_model_declares_its_side", "Misplaced declares RND"),
    Violation("a reference that climbs the wall", "tickets/models/asks.py",
              "class Climbing(models.Model):\n    side = Side.PUBLIC\n"
              "    work = models.ForeignKey('desk.Work', models.PROTECT, related_name='+')",
              "no_reference_climbs", "Climbing.work climbs from PUBLIC to DESK"),
    Violation("a reference that climbs the house", "duty/models/desks.py",
              "class Upward(models.Model):\n    side = Side.PUBLIC\n"
              "    order = models.ForeignKey('marketplace.Order', models.PROTECT, related_name='+')",
              "no_reference_climbs", "Upward.order leads to marketplace, which is not below duty"),
    Violation("a reverse accessor across apps", "tickets/models/asks.py",
              "class Reverse(models.Model):\n    side = Side.PUBLIC\n"
              "    desk = models.ForeignKey('duty.Desk', models.PROTECT, related_name='reversed')",
              "no_reference_climbs", 'Reverse.desk crosses apps without related_name="+"'),
    Violation("a migration that climbs", "duty/migrations/0099_climbs.py",
              "class Migration:\n    dependencies = [('desk', '0001_initial')]",
              "no_migration_climbs", "needs desk, which is not below duty"),
    Violation("a fact that nobody announces", "tickets/signals.py", "ticket_sneezed = Signal()",
              "every_fact_is_announced_and_heard_from_above", "ticket_sneezed is never announced"),
    Violation("a fact that nobody hears", "tickets/signals.py", "ticket_yawned = Signal()\nticket_yawned.send(None)",
              "every_fact_is_announced_and_heard_from_above", "ticket_yawned is heard by nobody"),
    Violation("a fact that the docs do not know", "tickets/signals.py", "ticket_hiccuped = Signal()",
              "every_fact_stands_in_the_docs", "docs/facts.md lacks ticket_hiccuped"),
    Violation("a fact heard from below", "billing/receivers.py",
              "from django.dispatch import receiver\nfrom tickets.signals import ticket_opened\n"
              "@receiver(ticket_opened)\ndef hear(**kwargs):\n    pass",
              "every_fact_is_announced_and_heard_from_above", "ticket_opened is heard by billing, not above"),
    Violation("a bell that rings nothing", "desk/actions/notes.py",
              "def ring_nothing() -> None:\n    later('desk.tasks.no_such_task')",
              "every_task_named_in_a_string_exists", "rings desk.tasks.no_such_task, which is no task"),
    Violation("a bell in another app's hall", "desk/actions/notes.py",
              "def ring_next_door() -> None:\n    later('rnd.tasks.take_in')",
              "every_task_named_in_a_string_exists", "rings rnd.tasks.take_in, a task of another app"),
    Violation("a sweep that never runs", "rnd/tasks.py",
              "@shared_task\ndef sweep_dust() -> None:\n    pass",
              "every_task_named_in_a_string_exists", "rnd.tasks.sweep_dust stands in no timetable"),
    Violation("a notice without words", "desk/actions/notes.py", "WORDLESS = 'desk.wordless'",
              "every_notice_named_in_a_string_exists", "tells desk.wordless, which has no subject.txt"),
    Violation("a view without a guard", "config/urls.py", "urlpatterns.append(path('open/', home))",
              "every_route_has_a_guard", "/open/ has no guard"),
    Violation("an address that is not the path", "faces/workshop/urls.py",
              "urlpatterns += behind(researcher, [path('elsewhere/', inbox.show)])",
              "the_address_is_the_path", "/workshop/elsewhere/ is answered by faces.workshop.inbox"),
    Violation("an outside page that names an inside address", "templates/portal/leak.html", '<a href="/desk/">x</a>',
              "outside_templates_name_no_inside_address", "templates/portal/leak.html"),
    Violation("an outside face that renders rows", "faces/portal/home.py", "from django.shortcuts import render",
              "outside_faces_show_projections", "faces/portal/home.py"),
    Violation("a message written past the door", "desk/actions/notes.py",
              "def shout() -> None:\n    Message.objects.create(body='hello')",
              "only_talk_writes_messages", "writes a Message"),
    Violation("mail sent past the channels", "desk/actions/notes.py", "from django.core.mail import send_mail",
              "only_channels_send_mail", "desk/actions/notes.py"),
    Violation("a table in kit that hardly anybody uses", "kit/orphan.py",
              "from django.db import models\nclass Orphan(models.Model):\n    pass",
              "kit_holds_no_business", "kit/orphan.py"),
    Violation("a kit module for one", "kit/lonely.py", "", "kit_holds_no_business", "kit.lonely is used by []"),
    Violation("a name that the house avoids", "tickets/services.py", "",
              "avoided_names_are_avoided", "tickets/services.py"),
    Violation("an import hidden in a function", "desk/actions/notes.py",
              "def hide() -> None:\n    import json\n    json.dumps(1)",
              "no_import_hides_in_a_function", "imports inside hide"),
    Violation("a timer in Celery", "desk/tasks.py",
              "def postpone() -> None:\n    take_in.apply_async(args=[1], countdown=60)",
              "no_timer_hides_in_celery", "publishes with countdown"),
)  # fmt: skip
