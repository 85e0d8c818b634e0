"""Files of a form that came back: kept between two attempts, so that an error elsewhere costs nobody an attachment.

A kept file lies under a random name in a folder of its owner's; the page that came back carries a signed ticket for it,
ticked, and works without scripts. Nobody else can use the ticket. Space and time are bounded: the oldest of an owner's
files give way to new ones, and after KEPT_SECONDS a file is swept.
"""

import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.forms import BaseForm, FileField
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from kit import limits
from kit.files import safe_name
from kit.projection import projection

UPLOADS, NOBODY = "uploads", "nobody"
KEPT_SECONDS = 6 * 3600
KEPT_FILES = 20
"""Of one owner, over all forms."""


@projection
class Kept:
    """One kept file as the form shows it; `ticket` is what the form sends to use it again."""

    ticket: str
    name: str
    size: int


class Again(UploadedFile):
    """A kept file in the place of an upload. `is_gone`: its time is over, or it had to give way."""

    def __init__(self, ticket: str, name: str, path: Path) -> None:
        self.ticket, self.is_gone = ticket, not path.is_file()
        super().__init__(
            file=None if self.is_gone else path.open("rb"), name=name, size=0 if self.is_gone else path.stat().st_size
        )


def attached(request: HttpRequest) -> MultiValueDict[str, UploadedFile]:
    """What a form of this request holds: the files sent with it, and those kept before that are still ticked.

    Raises TooOften when this person has sent more within the hour than the budget `uploads` has bytes.
    """
    sent = sum(upload.size or 0 for name in request.FILES for upload in request.FILES.getlist(name))
    if sent:
        limits.spend(UPLOADS, _owner(request), sent)
    found: MultiValueDict[str, UploadedFile] = MultiValueDict(dict(request.FILES.lists()))
    for field in [name for name in request.POST if name.endswith("_kept")]:
        for ticket in request.POST.getlist(field):
            if again := _again(ticket, _owner(request)):
                found.appendlist(field.removesuffix("_kept"), again)
    return found


def keep(request: HttpRequest, form: BaseForm, *, shown: BaseForm | None = None) -> tuple[Kept, ...]:
    """Put the files of a form that comes back aside; it, or `shown` in its place, shows them. All that were kept.

    What is empty or too large is not kept.
    """
    all_kept: tuple[Kept, ...] = ()
    for name, field in (shown or form).fields.items():
        if isinstance(field, FileField) and isinstance(form.files, MultiValueDict):
            found = [_put(upload, _owner(request)) for upload in form.files.getlist(form.add_prefix(name))]
            field.widget.kept = tuple(one for one in found if one)  # type: ignore[attr-defined]
            all_kept += field.widget.kept  # type: ignore[attr-defined]
    return all_kept


def put_aside(request: HttpRequest) -> list[tuple[str, tuple[Kept, ...]]]:
    """The same without a form: what was sent and is kept, by field."""
    if not request.FILES or _owner(request) == NOBODY:
        return []
    held = ((name, [_put(one, _owner(request)) for one in request.FILES.getlist(name)]) for name in request.FILES)
    return [(name, tuple(one for one in kept if one)) for name, kept in held]


def sweep(now: float | None = None) -> int:
    """Remove what has been kept for too long; how many."""
    before = (now or time.time()) - KEPT_SECONDS
    old = [path for folder in _root().glob("*") for kept_at, path in _files(folder) if kept_at < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _put(upload: UploadedFile, owner: str) -> Kept | None:
    name, size = safe_name(upload.name or ""), upload.size or 0
    if isinstance(upload, Again):
        return None if upload.is_gone else Kept(ticket=upload.ticket, name=name, size=size)
    if not 0 < size <= settings.UPLOAD_LIMIT:
        return None
    folder = _root() / owner
    folder.mkdir(parents=True, exist_ok=True)
    _make_room(folder)
    key = secrets.token_hex(16)
    upload.seek(0)
    with (folder / key).open("wb") as target:
        target.writelines(upload.chunks())
    return Kept(ticket=signing.dumps([key, name], salt=_salt(owner)), name=name, size=size)


def _make_room(folder: Path) -> None:
    newest_first = sorted(_files(folder), reverse=True)
    for _age, path in newest_first[KEPT_FILES - 1 :]:
        path.unlink(missing_ok=True)


def _files(folder: Path) -> Iterator[tuple[float, Path]]:
    """When each was kept. One that somebody else removes meanwhile is left out."""
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            yield path.stat().st_mtime, path


def _again(ticket: str, owner: str) -> Again | None:
    """None for what was never given to this owner."""
    try:
        key, name = signing.loads(ticket, salt=_salt(owner))
    except signing.BadSignature:
        return None
    return Again(ticket, name, _root() / owner / key)


def _owner(request: HttpRequest) -> str:
    viewer: Any = request.viewer  # type: ignore[attr-defined]
    return str(viewer.pk or NOBODY)


def _salt(owner: str) -> str:
    return f"kit.stash:{owner}"


def _root() -> Path:
    return Path(settings.FILES_DIR) / "stash"
