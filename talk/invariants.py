"""What must always hold of talk (DESIGN 14)."""

import hashlib
from collections.abc import Iterator

from kit.files import content
from kit.invariants import Invariant
from talk.models import Attachment


def changed_files() -> Iterator[str]:
    """Attachments whose content is gone, or is not what was hung on the message."""
    for reference, sha256 in Attachment.objects.order_by("pk").values_list("reference", "sha256").iterator():
        try:
            with content(sha256).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            yield f"{reference}: its content is gone"
            continue
        if found != sha256:
            yield f"{reference}: its content has changed"


INVARIANTS = (
    Invariant(
        name="messages_have_no_gaps",
        sentence="The messages of a thread are numbered from 1 without gaps, and the thread counts them.",
        sql="""
            SELECT t.id, t.last_n, count(m.id) FROM talk_thread t LEFT JOIN talk_message m ON m.thread_id = t.id
            GROUP BY t.id, t.last_n
            HAVING count(m.id) <> t.last_n OR (t.last_n > 0 AND (min(m.n) <> 1 OR max(m.n) <> t.last_n))
        """,
        is_cheap=False,
    ),
    Invariant(
        name="words_of_a_counter_passed_the_door",
        sentence="Every public word of a desk has its passage: who let it out, and what was previewed.",
        sql="""
            SELECT m.reference FROM talk_message m
            WHERE m.voice = 'support' AND NOT EXISTS (SELECT 1 FROM talk_passage p WHERE p.message_id = m.id)
        """,
        is_cheap=False,
    ),
    Invariant(
        name="attachments_equal_their_hashes",
        sentence="Every attachment is, byte for byte, what was hung on its message.",
        check=changed_files,
        is_cheap=False,
    ),
)
