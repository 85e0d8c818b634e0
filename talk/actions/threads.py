"""Threads, and the customer's voice in them. The counter's voice comes through `talk.door` alone."""

from collections.abc import Sequence
from datetime import datetime

from accounts.models import Organization
from kit.files import Upload, store
from kit.texts import clean_block
from kit.verbs import Actor, verb
from talk.models import Attachment, Message, Thread

BODY_LIMIT = 20_000


@verb
def open_(organization: Organization | int) -> Thread:
    """A new, empty thread of an organization (or its primary key)."""
    pk = organization if isinstance(organization, int) else organization.pk
    return Thread.objects.create(organization_id=pk)


@verb
def begin(
    organization: Organization | int, *, by: Actor, at: datetime, body: str, files: Sequence[Upload] = ()
) -> Message:
    """A new thread with its first words, one statement cheaper than `open_` and `say`."""
    pk = organization if isinstance(organization, int) else organization.pk
    return _write(Thread.objects.create(organization_id=pk, last_n=1), 1, by, at, body, files)


@verb
def say(thread: Thread, *, by: Actor, at: datetime, body: str, files: Sequence[Upload] = ()) -> Message:
    """Words of somebody of the customer's organization. The caller has asked whether `by` may speak here."""
    return _write(thread, thread.count_up(), by, at, body, files)


def _write(thread: Thread, n: int, by: Actor, at: datetime, body: str, files: Sequence[Upload]) -> Message:
    message = Message.objects.create(
        thread=thread, n=n, voice=Message.Voice.CUSTOMER, said_by_id=by.pk, body=clean_block(body, BODY_LIMIT),
        said_at=at,
    )  # fmt: skip
    if files:
        Attachment.objects.hang(message, [store(upload) for upload in files])
    return message
