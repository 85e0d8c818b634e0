"""The customer's voice: by name, clean, numbered, with files as they were."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from talk.actions import threads
from talk.invariants import INVARIANTS
from talk.models import Message


def _offences():
    with connection.cursor() as cursor:
        found = []
        for invariant in INVARIANTS:
            if invariant.sql:
                cursor.execute(invariant.query(connection.vendor))
                found += cursor.fetchall()
            else:
                found += list(invariant.check())
        return found


def test_words_are_kept_clean_under_the_name_of_their_person(nordlicht, nina, now):
    message = threads.say(threads.open_(nordlicht), by=nina, at=now, body="  Pods\u202e crash\r\n\x00")
    assert (message.body, message.said_by, message.n) == ("  Pods crash", nina, 1)


def test_a_customers_file_keeps_its_name(nordlicht, nina, now, settings, tmp_path):
    settings.FILES_DIR = tmp_path
    message = threads.say(
        threads.open_(nordlicht), by=nina, at=now, body="log", files=[SimpleUploadedFile("redis-0.log", b"x")]
    )
    assert message.attachments.get().name == "redis-0.log"


def test_a_missing_number_is_an_offence(nordlicht, nina, now):
    message = threads.say(threads.open_(nordlicht), by=nina, at=now, body="one")
    threads.say(message.thread, by=nina, at=now, body="two")
    assert _offences() == []
    Message.objects.filter(pk=message.pk).delete()
    assert _offences()


def test_a_file_that_is_not_what_it_was_is_an_offence(nordlicht, nina, now, settings, tmp_path):
    settings.FILES_DIR = tmp_path
    threads.say(threads.open_(nordlicht), by=nina, at=now, body="log", files=[SimpleUploadedFile("a.log", b"one")])
    assert _offences() == []
    next(path for path in tmp_path.rglob("*") if path.is_file()).write_bytes(b"two")
    assert _offences()
