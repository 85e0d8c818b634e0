"""R&D's verbs: a help request becomes an investigation of one group, is worked on, and answered to the desk alone."""

from datetime import timedelta

import pytest

from desk.actions import help as desk_help
from desk.models import Answer, HelpRequest, Note, Print
from kit.verbs import Refused
from notifications.models.inside import InsideNotice
from rnd import tasks
from rnd.actions import investigations
from rnd.models import Finding, Investigation, Remark
from tests.rnd import asking

State = Investigation.State
LONG = "The informer cache of the member cluster is never evicted after a restart of the host."


def test_a_request_is_opened_by_the_group_of_its_topic(cast, now):
    assert asking.investigation(now, topic="kubekey").group.name == "R&D KubeKey"


def test_a_request_of_an_unknown_topic_is_opened_by_the_first_group(cast, now):
    assert asking.investigation(now, topic="something-new").group.name == "R&D KubeSphere"


def test_the_desk_sees_that_it_was_taken(cast, now):
    assert HelpRequest.objects.get(pk=asking.investigation(now).request_id).state == HelpRequest.State.TAKEN


def test_the_people_of_the_group_are_told_and_nobody_else(ravi, now):
    asking.investigation(now)
    assert {row.recipient for row in InsideNotice.objects.filter(kind="rnd.asked")} == {ravi}


def test_opening_twice_opens_once(cast, now):
    request = asking.asked(now)
    investigations.take_in(request.pk, at=now)
    investigations.take_in(request.pk, at=now)
    assert Investigation.objects.count() == 1


def test_a_lost_bell_is_found_by_the_sweep(cast, now):
    asking.asked(now)
    assert not Investigation.objects.exists()
    tasks.sweep_requests()
    assert Investigation.objects.get().state == State.OPEN


def test_a_withdrawn_request_drops_the_investigation_even_if_the_bell_is_lost(cast, now):
    opened = asking.investigation(now)
    desk_help.withdraw(opened.request.reference, by=opened.request.asked_by, at=now)
    tasks.sweep_requests()
    assert Investigation.objects.get().state == State.DROPPED


def test_the_sweep_has_nothing_to_do_afterwards(cast, now):
    asking.asked(now)
    tasks.sweep_requests()
    assert investigations.untaken(limit=9) == []


def test_taking_it_says_who_works_on_it(ravi, now):
    opened = asking.investigation(now)
    investigations.take(opened.reference, by=ravi, at=now)
    assert Investigation.objects.get().taken_by == ravi


def test_the_desk_reads_whether_anybody_of_rnd_works_on_it(client, ravi, now):
    opened = asking.investigation(now)
    work = opened.request.work
    client.force_login(work.engineer.user)
    client.cookies["django_language"] = "en"

    def text() -> str:
        return client.get(f"/desk/tickets/{work.ticket.reference}/").content.decode()

    assert "asked, nobody has it yet" in text()
    investigations.take(opened.reference, by=ravi, at=now)
    assert "being looked at" in text() and "nobody has it yet" not in text()


@pytest.mark.parametrize("verb", ["take", "remark", "publish", "pass_on"])
def test_another_group_finds_nothing_there(mei, now, verb):
    opened, words = asking.investigation(now), {"remark": {"body": "x"}, "publish": {"body": "x"}}
    more = words.get(verb, {"topic": "kubekey"} if verb == "pass_on" else {})
    with pytest.raises(Investigation.DoesNotExist):
        getattr(investigations, verb)(opened.reference, by=mei, at=now, **more)


def test_a_remark_stays_within_rnd(ravi, now):
    opened = asking.investigation(now)
    before = Note.objects.count()
    investigations.remark(opened.reference, by=ravi, at=now, body=LONG)
    assert Remark.objects.get().body == LONG
    assert Note.objects.count() == before and not Answer.objects.exists()


def test_a_remark_leaves_prints_and_no_text_at_the_desk(ravi, now):
    opened = asking.investigation(now)
    investigations.remark(opened.reference, by=ravi, at=now, body=LONG)
    digests = list(Print.objects.values_list("digest", flat=True))
    assert digests and set("".join(digests)) <= set("0123456789abcdef")


def test_a_quotation_of_the_desk_leaves_no_prints(ravi, now):
    opened = asking.investigation(now)
    investigations.remark(opened.reference, by=ravi, at=now, body=asking.WORDS["symptom"])
    assert not Print.objects.exists()


@pytest.mark.parametrize("body", ["", "  \n ", "\x00"])
def test_nothing_is_no_remark(ravi, now, body):
    opened = asking.investigation(now)
    with pytest.raises(investigations.Silent):
        investigations.remark(opened.reference, by=ravi, at=now, body=body)


def test_a_finding_reaches_the_desk_word_for_word(ravi, now):
    opened = asking.investigation(now)
    investigations.publish(opened.reference, by=ravi, at=now, body=LONG, workaround="Restart it.", fixed_in="v4.1.3")
    answer = Answer.objects.get()
    assert (answer.body, answer.workaround, answer.fixed_in) == (LONG, "Restart it.", "v4.1.3")
    assert HelpRequest.objects.get().state == HelpRequest.State.ANSWERED


def test_whoever_asked_is_told_of_the_finding(ravi, now):
    opened = asking.investigation(now)
    investigations.publish(opened.reference, by=ravi, at=now, body=LONG)
    told = InsideNotice.objects.filter(kind="desk.help_answered")
    assert {row.recipient for row in told} == {opened.request.asked_by}


def test_an_answered_investigation_takes_nothing_more(ravi, now):
    opened = asking.investigation(now)
    investigations.publish(opened.reference, by=ravi, at=now, body=LONG)
    for verb, more in (("take", {}), ("remark", {"body": "x"}), ("publish", {"body": "x"})):
        with pytest.raises(investigations.NotOpen):
            getattr(investigations, verb)(opened.reference, by=ravi, at=now, **more)


def test_a_withdrawn_request_cannot_be_answered_even_before_rnd_hears_of_it(ravi, now):
    opened = asking.investigation(now)
    desk_help.withdraw(opened.request.reference, by=opened.request.asked_by, at=now)
    with pytest.raises(Refused):
        investigations.publish(opened.reference, by=ravi, at=now, body=LONG)
    assert not Finding.objects.exists()


def test_passing_it_on_moves_it_out_of_sight_of_one_group_and_into_that_of_the_other(ravi, mei, now):
    opened = asking.investigation(now)
    investigations.take(opened.reference, by=ravi, at=now)
    investigations.pass_on(opened.reference, by=ravi, at=now + timedelta(minutes=5), topic="kubekey")
    assert not Investigation.objects.visible_to(ravi).exists()
    assert Investigation.objects.visible_to(mei).get().taken_by is None
    assert InsideNotice.objects.filter(kind="rnd.asked", recipient=mei).exists()


def test_it_can_be_passed_only_to_a_group_that_exists(ravi, now):
    opened = asking.investigation(now)
    with pytest.raises(investigations.NoGroup):
        investigations.pass_on(opened.reference, by=ravi, at=now, topic="nowhere")
