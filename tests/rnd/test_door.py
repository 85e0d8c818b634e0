"""The wall seen from R&D: its words do not pass the door as they are, and its acts touch no public row."""

import pytest
from django.apps import apps
from django.core import serializers

from desk.actions import replies
from desk.models import Work
from kit.sides import Side
from rnd.actions import investigations
from talk import door
from tests import make
from tests.rnd import asking

SECRET = "We knew of this leak since spring and shipped anyway because of the fair in June."


@pytest.fixture
def guarded(ravi, now):
    """A ticket on whose help request R&D has remarked."""
    opened = asking.investigation(now)
    investigations.remark(opened.reference, by=ravi, at=now, body=SECRET)
    return Work.objects.select_related("ticket", "engineer__user").get(pk=opened.request.work_id)


def send(work: Work, body: str, at) -> None:
    by = work.engineer.user
    seen = replies.preview(work.ticket.reference, by=by, body=body)
    replies.send(work.ticket.reference, by=by, at=at, body=body, digest=seen.digest)


@pytest.mark.parametrize(
    "copy",
    [
        SECRET, f"Dear Nina, {SECRET[10:60]} Regards", SECRET.upper(), SECRET.replace(" ", "\n"),
        SECRET[:60].replace(" ", "  "),
    ],
)  # fmt: skip
def test_a_copied_piece_of_a_remark_is_refused(guarded, now, copy):
    with pytest.raises(door.Blocked):
        send(guarded, copy, now)


def test_a_published_finding_guards_the_door_as_well(ravi, now):
    opened = asking.investigation(now)
    investigations.publish(opened.reference, by=ravi, at=now, body=SECRET, workaround="Restart the console each night.")
    work = Work.objects.select_related("ticket", "engineer__user").get(pk=opened.request.work_id)
    with pytest.raises(door.Blocked):
        send(work, SECRET, now)
    send(work, "Restart the console each night.", now)


def test_the_desks_own_words_pass(guarded, now):
    send(guarded, "The console restarts because a cache grows. Version v4.1.3 will mend it.", now)


def test_the_guard_is_for_this_matter_only(guarded, now):
    other = make.owned("jonas", now)
    send(other, SECRET, now)


def public_rows() -> str:
    """Every public table, row for row."""
    models = [model for model in apps.get_models() if getattr(model, "side", None) == Side.PUBLIC]
    rows = [row for model in models for row in model._default_manager.order_by("pk")]
    return serializers.serialize("json", rows, indent=1)


def test_nothing_that_rnd_does_changes_a_public_row(ravi, mei, now):
    opened = asking.investigation(now)
    before = public_rows()
    investigations.take(opened.reference, by=ravi, at=now)
    investigations.remark(opened.reference, by=ravi, at=now, body=SECRET)
    investigations.pass_on(opened.reference, by=ravi, at=now, topic="kubekey")
    investigations.publish(opened.reference, by=mei, at=now, body=SECRET, workaround="Restart it.", fixed_in="v4.1.3")
    assert public_rows() == before


def test_asking_rnd_changes_no_public_row_either(cast, now):
    work = make.owned("nina", now)
    before = public_rows()
    asking.asked(now, work=work)
    assert public_rows() == before
