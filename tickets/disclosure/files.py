"""Files of tickets: one reader's right to one file, and what is needed to send it."""

from kit.projection import projection
from kit.verbs import Actor
from talk.models import Attachment
from tickets.models import Ticket


@projection
class FileView:
    """A file as it hangs on a message."""

    reference: str
    name: str
    size: int
    media_type: str


@projection
class FileContent:
    """A file that this reader may have, and where its content lies."""

    name: str
    media_type: str
    sha256: str


def file_view(row: Attachment) -> FileView:
    return FileView(reference=row.reference, name=row.name, size=row.size, media_type=row.media_type)


def file_of(viewer: Actor, ticket: str, reference: str) -> FileContent:
    """A file of a ticket that the viewer may read. Raises Attachment.DoesNotExist for any other, or none."""
    threads = Ticket.objects.visible_to(viewer).filter(reference=ticket).values("thread")
    row = Attachment.objects.get(reference=reference, message__thread__in=threads)
    return FileContent(name=row.name, media_type=row.media_type, sha256=row.sha256)
