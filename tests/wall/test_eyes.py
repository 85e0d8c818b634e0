"""That the eyes see everything: a way out of the house that nobody watches fails here."""

import inspect
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.urls import path

from config.checks import routes
from notifications.models import Notice
from tests.wall import eyes, ways, worlds
from tests.wall.dice import rolling
from tests.wall.story import PLOTS, Story, engine

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stage")]
NOTICES = Path(settings.BASE_DIR) / "templates" / "notices"
TOLD_OUTSIDE = ("tickets", "billing")


def test_every_address_of_the_house_is_watched_or_excepted_by_name():
    with rolling() as dice:
        look = eyes.Eyes(dice, ("anonymous",), sends=False)
        look.look()
    assert {address for address, _ in routes() if not address.startswith(ways.EXCEPTED)} <= look.channels


def test_only_account_pages_and_the_demo_are_excepted():
    rooms = {
        inspect.unwrap(pattern.callback).__module__.split(".")[0]
        for address, pattern in routes()
        if address.startswith(ways.EXCEPTED) and address not in ways.WATCHED_ACCOUNTS
    }
    assert rooms <= {"allauth", "config", "demo", "django", "sandbox"}


def test_an_address_with_a_part_that_nobody_knows_is_refused():
    with pytest.raises(ways.Unseen, match="share"):
        ways.addresses("portal/tickets/shared/<slug:share>/", ways.Known.now())


def test_a_form_that_nobody_knows_how_to_send_is_refused(monkeypatch):
    def forward(request):
        return HttpResponse(status=405)

    forward.__module__ = "faces.portal.tickets"
    added = path("portal/tickets/forwarding/", forward, name="ticket-forwarding")
    monkeypatch.setattr(eyes, "watched", lambda: [("portal/tickets/forwarding/", added)])
    monkeypatch.setattr(eyes.Eyes, "_ask", lambda self, *_, **__: ("name", b"405"))
    with rolling() as dice, pytest.raises(ways.Unseen, match="form"):
        eyes.Eyes(dice, ("nina",)).look()


def test_every_kind_of_notice_for_customers_is_told_in_the_story():
    kinds = {f"{app}.{folder.name}" for app in TOLD_OUTSIDE for folder in (NOTICES / app).iterdir() if folder.is_dir()}
    told: set[str] = set()
    with rolling() as dice:
        story = Story(PLOTS[0])
        for _level, step in story.steps():
            with worlds.time_machine.travel(story.at, tick=False), dice.of("anybody"):
                step()
                engine()
            story.at += worlds.QUARTER
        told = set(Notice.objects.values_list("kind", flat=True))
    assert kinds <= told


def test_the_story_leaves_no_form_of_the_portal_without_an_effect():
    seen = worlds.play(PLOTS[0], roles=("nina",))
    sent = {name.split(" post ")[1].split("?")[0]: content[:3] for name, content in seen.items() if " post " in name}
    done = {address for address, status in sent.items() if status in (b"302", b"200")}
    nouns = {"words", "urging", "severity", "withdrawal", "closure", "rating", "new", "transfers", "cards", "template"}
    assert b"INV-" in seen[f"step {worlds.END}: what the card company was told"]
    assert nouns <= {address.rstrip("/").split("/")[-1] for address in done}
