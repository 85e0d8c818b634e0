"""Verbs on notes: what the desk says to itself."""

from datetime import datetime

from django.utils.translation import gettext as _

from desk.actions import crew
from desk.models import Note, Work
from kit.texts import clean_block
from kit.verbs import Actor, Refused, verb

BODY_LIMIT = 20_000


class Silent(Refused):
    """There are no words."""

    def __init__(self) -> None:
        super().__init__(_("The note is empty."))


@verb
def write(reference: str, *, by: Actor, at: datetime, body: str) -> Note:
    """Write a line that no customer reads. Raises Work.DoesNotExist, Silent."""
    work = Work.objects.visible_to(by).locked(reference)
    words = clean_block(body, BODY_LIMIT)
    if not words:
        raise Silent
    note = Note.objects.create(work=work, kind=Note.Kind.NOTE, by_id=by.pk, at=at, body=words)
    work.change(at)
    crew.acts(by)
    return note
