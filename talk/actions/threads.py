"""Threads, and the customer's voice in them. The counter's voice comes through `talk.door` alone."""

from collections.abc import Sequence
from datetime import datetime

from accounts.models import Organization
from kit import references
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


def beginning(organization_pk: int, *, by: Actor, at: datetime, body: str) -> Message:
    """The first words of a new thread, both unsaved and with its reference: whoever opens it for a matter of theirs
    saves them with it, thread first.
    """
    message = _words(Thread(organization_id=organization_pk, last_n=1), 1, by, at, body)
    references.give(message)
    return message


def attach(message: Message, files: Sequence[Upload]) -> None:
    """Store files, and hang them on a saved message."""
    if files:
        Attachment.objects.hang(message, [store(upload) for upload in files])


@verb
def say(thread: Thread, *, by: Actor, at: datetime, body: str, files: Sequence[Upload] = ()) -> Message:
    """Words of somebody of the customer's organization. The caller has asked whether `by` may speak here."""
    message = _words(thread, thread.count_up(), by, at, body)
    message.save()
    attach(message, files)
    return message


def _words(thread: Thread, n: int, by: Actor, at: datetime, body: str) -> Message:
    return Message(
        thread=thread, n=n, voice=Message.Voice.CUSTOMER, said_by_id=by.pk, body=clean_block(body, BODY_LIMIT),
        said_at=at,
    )  # fmt: skip
