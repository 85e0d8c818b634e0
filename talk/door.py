"""The one door: the only way in which words of the house or of a vendor reach an outsider (DESIGN 9.3).

Who speaks sees first what will be read, made by the renderer that pages use; the digest of that preview must come
back with the words. What the linter finds does not leave. Files are rewritten and lose their names.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kit import files as shelf
from kit.files import Stored, Upload
from kit.templatetags.markdown import markdown
from kit.texts import clean_block
from kit.verbs import Actor, Refused, verb
from talk import lint
from talk.models import Attachment, Message, Thread
from talk.models.inside import Passage

BODY_LIMIT = 20_000
HOSTS: tuple[str, ...] = tuple(settings.INTERNAL_HOSTS)
"""Domains of the house that no customer may meet."""
TRACKERS: tuple[str, ...] = tuple(settings.TRACKER_KEYS)
"""Key prefixes of the house's trackers, such as KSE."""


class Stale(Refused):
    """The words are not those that were previewed."""

    def __init__(self) -> None:
        super().__init__(_("The text has changed since the preview. Look at it once more, then send."))


class Silent(Refused):
    """There are no words."""

    def __init__(self) -> None:
        super().__init__(_("There is nothing to say yet."))


class Blocked(Refused):
    """The linter found what must not leave; `findings` say what and where."""

    def __init__(self, findings: tuple[lint.Finding, ...]) -> None:
        self.findings = findings
        excerpts = ", ".join(dict.fromkeys(f"“{finding.excerpt[:60]}”" for finding in findings))
        super().__init__(_("This must not leave the house: %(excerpts)s") % {"excerpts": excerpts})


@dataclass(frozen=True, slots=True)
class Preview:
    """What the customer would read, under which name, and what stands against it."""

    html: SafeString
    persona: str
    digest: str
    findings: tuple[lint.Finding, ...]


def preview(
    thread: Thread, body: str, *, persona: str, allowed: str = "", names: Collection[str] = (),
    prints: Collection[str] = frozenset(),
) -> Preview:  # fmt: skip
    """The exact words as they would be shown. `names`, `allowed`, `prints`: see `talk.lint.find`."""
    words = clean_block(body, BODY_LIMIT)
    return Preview(
        html=markdown(words), persona=persona, digest=digest_of(thread, words, persona),
        findings=_findings(body, allowed, names, prints),
    )  # fmt: skip


@verb
def say(
    thread: Thread, *, by: Actor, at: datetime, body: str, digest: str, persona: str, persona_zh: str = "",
    allowed: str = "", names: Collection[str] = (), prints: Collection[str] = frozenset(),
    files: Sequence[Upload] = (),
) -> Message:  # fmt: skip
    """Let the words out under the persona; who spoke is written on the inside only.

    Raises Silent, Stale when `digest` is not that of a preview of these very words, Blocked for a finding, and
    HasTraces for a file whose traces cannot be taken out.
    """
    words = clean_block(body, BODY_LIMIT)
    if not words:
        raise Silent
    if digest != digest_of(thread, words, persona):
        raise Stale
    findings = _findings(body, allowed, names, prints)
    if findings:
        raise Blocked(findings)
    cleaned = [_cleaned(number, upload, allowed, names, prints) for number, upload in enumerate(files, 1)]
    message = Message.objects.create(
        thread=thread, n=thread.count_up(), voice=Message.Voice.SUPPORT, persona=persona, persona_zh=persona_zh,
        body=words, said_at=at,
    )  # fmt: skip
    Passage.objects.create(message=message, by_id=by.pk, at=at, digest=digest)
    if cleaned:
        Attachment.objects.hang(message, cleaned)
    return message


def digest_of(thread: Thread, words: str, persona: str) -> str:
    """The mark of a preview: this thread, this name, these words."""
    return hashlib.sha256("\0".join((str(thread.pk), persona, words)).encode()).hexdigest()


def _findings(body: str, allowed: str, names: Collection[str], prints: Collection[str]) -> tuple[lint.Finding, ...]:
    return lint.find(
        body, names=names, hosts=HOSTS, trackers=TRACKERS, allowed=allowed, prints=prints
    )  # fmt: skip


def _cleaned(number: int, upload: Upload, allowed: str, names: Collection[str], prints: Collection[str]) -> Stored:
    """The file without its traces, under a neutral name. Text is read by the same linter as the words."""
    stored = shelf.without_traces(shelf.store(upload), number)
    if stored.media_type == "text/plain":
        text = shelf.content(stored.sha256).read_text(encoding="utf-8", errors="replace")
        findings = _findings(text, allowed, names, prints)
        if findings:
            raise Blocked(findings)
    return stored
