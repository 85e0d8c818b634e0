"""The door: shown first, sent exactly so, under a persona, with nothing on it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kit import files
from talk import door
from talk.actions import threads
from talk.lint import prints_of
from talk.models import Attachment, Message
from talk.models.inside import Passage


@pytest.fixture
def thread(nordlicht):
    return threads.open_(nordlicht)


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.FILES_DIR = tmp_path


def _say(thread, linhao, now, body="Please run **this**.", digest=None, **more):
    digest = digest or door.preview(thread, body, persona="Support").digest
    return door.say(thread, by=linhao, at=now, body=body, digest=digest, persona="Support", persona_zh="服务台", **more)


def test_the_preview_is_made_by_the_renderer_of_the_pages(thread):
    shown = door.preview(thread, "Run **this** <script>alert(1)</script>", persona="Support")
    assert "<strong>this</strong>" in shown.html
    assert "<script>" not in shown.html


def test_words_leave_under_the_persona_and_the_inside_knows_who_spoke(thread, linhao, now):
    message = _say(thread, linhao, now)
    assert (message.voice, message.persona, message.said_by_id) == (Message.Voice.SUPPORT, "Support", None)
    assert Passage.objects.get(message=message).by == linhao


def test_words_that_were_not_previewed_do_not_leave(thread, linhao, now):
    digest = door.preview(thread, "Yes.", persona="Support").digest
    with pytest.raises(door.Stale):
        _say(thread, linhao, now, "No.", digest)
    assert not Message.objects.exists()


def test_a_preview_counts_for_its_own_thread_and_persona(thread, nordlicht):
    other = threads.open_(nordlicht)
    digests = {
        door.preview(thread, "Yes.", persona="Support").digest,
        door.preview(other, "Yes.", persona="Support").digest,
        door.preview(thread, "Yes.", persona="KubeSphere desk").digest,
    }
    assert len(digests) == 3


def test_a_finding_stays_inside_with_its_place(thread, linhao, now):
    with pytest.raises(door.Blocked) as caught:
        _say(thread, linhao, now, "Omar Haddad will look.", names=("Omar Haddad",))
    assert caught.value.findings[0].excerpt == "Omar Haddad"
    assert not Message.objects.exists()


def test_a_copy_of_rnds_words_stays_inside(thread, linhao, now):
    words = "The nightly compaction job holds a lock on the tenant table of every workspace."
    with pytest.raises(door.Blocked):
        _say(thread, linhao, now, words, prints=prints_of(words))


def test_nothing_is_not_said(thread, linhao, now):
    with pytest.raises(door.Silent):
        _say(thread, linhao, now, " \u200b\n ")


def test_files_lose_their_names_at_the_door(thread, linhao, now):
    message = _say(thread, linhao, now, files=[SimpleUploadedFile("omar-laptop.log", b"restarted")])
    attachment = message.attachments.get()
    assert attachment.name == "attachment-1.txt"
    assert files.content(attachment.sha256).read_bytes() == b"restarted"


def test_text_files_are_read_by_the_linter(thread, linhao, now):
    with pytest.raises(door.Blocked):
        _say(
            thread, linhao, now, names=("Omar Haddad",),
            files=[SimpleUploadedFile("a.log", b"owner: Omar Haddad")],
        )  # fmt: skip
    assert not Attachment.objects.exists()


def test_a_document_that_keeps_its_traces_does_not_leave(thread, linhao, now):
    with pytest.raises(files.HasTraces):
        _say(thread, linhao, now, files=[SimpleUploadedFile("a.pdf", b"%PDF-1.7 /Author (Ravi)")])


def test_both_voices_are_numbered_in_one_row(thread, linhao, nina, now):
    first = threads.say(thread, by=nina, at=now, body="Help")
    second = _say(thread, linhao, now)
    third = threads.say(thread, by=nina, at=now, body="Thanks")
    assert [first.n, second.n, third.n] == [1, 2, 3]


def test_saying_takes_three_statements(thread, linhao, now, django_assert_num_queries):
    with django_assert_num_queries(5):  # and a savepoint, since the test holds the transaction
        _say(thread, linhao, now)
