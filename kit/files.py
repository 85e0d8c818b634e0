"""Files by the hash of their content, outside of everything that a web server serves.

The type is read from the content, never believed; a file leaves only as a download, in a sandbox, under a safe name.
"""

import hashlib
import os
import re
import struct
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.http import FileResponse
from django.utils.translation import gettext as _

from kit.texts import clean_line
from kit.verbs import Refused

NAME_LIMIT = 100
_UNSAFE = re.compile(r"""[\\/:*?"<>|%;]+""")
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"(\xb5/\xfd", "application/zstd"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
)
_ENDING = {"text/plain": "txt", "image/png": "png", "image/jpeg": "jpg"}
_PNG_KEPT = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"sRGB", b"cHRM"}
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Upload(Protocol):
    """What is read of an uploaded file."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterator[bytes]: ...


class TooLarge(Refused):
    """The file is larger than `UPLOAD_LIMIT`."""

    def __init__(self, name: str) -> None:
        self.name = name
        size = settings.UPLOAD_LIMIT // (1024 * 1024)
        super().__init__(_("%(name)s is larger than %(size)d MB.") % {"name": name, "size": size})


class HasTraces(Refused):
    """Nobody here can take out of such a file what it says about its maker."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            _("%(name)s cannot be sent: only text and PNG or JPEG pictures can be freed of traces of their makers.")
            % {"name": name}
        )


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that lies in the store, and the neutral facts about it."""

    name: str
    media_type: str
    size: int
    sha256: str


def store(upload: Upload) -> Stored:
    """Keep the content under its SHA-256 and say what it is. Storing the same content again changes nothing.

    A file whose verb is refused later stays behind unnamed; nothing serves it.
    """
    name = safe_name(upload.name or "")
    settings.FILES_DIR.mkdir(parents=True, exist_ok=True)
    digest, size, head = hashlib.sha256(), 0, b""
    with tempfile.NamedTemporaryFile(dir=settings.FILES_DIR, prefix=".new-", delete=False) as target:
        try:
            for chunk in upload.chunks():
                size += len(chunk)
                if size > settings.UPLOAD_LIMIT:
                    raise TooLarge(name)
                head = head or chunk[:65536]
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
            path = _path(digest.hexdigest())
            path.parent.mkdir(exist_ok=True)
            Path(target.name).replace(path)
        finally:
            Path(target.name).unlink(missing_ok=True)
    return Stored(name=name, media_type=media_type(head), size=size, sha256=digest.hexdigest())


def keep(name: str, content: bytes) -> Stored:
    """Store bytes that the house made itself, such as a rewritten picture."""
    path = _path(hashlib.sha256(content).hexdigest())
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as target:
            target.write(content)
        Path(target.name).replace(path)
    return Stored(name=safe_name(name), media_type=media_type(content[:65536]), size=len(content), sha256=path.name)


def without_traces(stored: Stored, number: int) -> Stored:
    """The file under a neutral name and without metadata: who made it, where, with what. Raises HasTraces.

    Text stays as it is (its words are the linter's matter); PNG and JPEG lose every block that holds no picture.
    """
    cleaners: dict[str, Callable[[bytes], bytes]] = {
        "text/plain": bytes, "image/png": _bare_png, "image/jpeg": _bare_jpeg,
    }  # fmt: skip
    clean = cleaners.get(stored.media_type)
    if clean is None:
        raise HasTraces(stored.name)
    try:
        bare = clean(content(stored.sha256).read_bytes())
    except (struct.error, IndexError, ValueError):
        raise HasTraces(stored.name) from None
    return keep(f"attachment-{number}.{_ENDING[stored.media_type]}", bare)


def content(sha256: str) -> Path:
    """Where the content lies. Raises FileNotFoundError when it is not there, or the name is no hash."""
    if not _SHA256.fullmatch(sha256) or not _path(sha256).is_file():
        raise FileNotFoundError(sha256)
    return _path(sha256)


def answer(name: str, media_type: str, sha256: str) -> FileResponse:
    """The file as a download that no browser opens as a page. The caller has asked who may read it."""
    response = FileResponse(content(sha256).open("rb"), as_attachment=True, filename=safe_name(name))
    response["Content-Type"] = "text/plain; charset=utf-8" if media_type == "text/plain" else media_type
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def media_type(head: bytes) -> str:
    """What the first bytes say: a known kind, text, or just bytes. Nothing that a browser would run."""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return "text/plain" if _is_text(head) else "application/octet-stream"


def safe_name(name: str) -> str:
    """The last part of the name in visible characters; never empty, never hidden, at most NAME_LIMIT long."""
    base = clean_line(re.split(r"[\\/]", name)[-1])
    base = _UNSAFE.sub("-", base).strip(". -")
    stem, dot, ending = base.rpartition(".")
    if dot and stem and len(ending) <= 10:
        return f"{stem[: NAME_LIMIT - len(ending) - 1]}.{ending}"
    return base[:NAME_LIMIT] or "file"


def _is_text(head: bytes) -> bool:
    try:
        text = head[: -4 if len(head) >= 65536 else None].decode()
    except UnicodeDecodeError as error:
        if error.start < len(head) - 8:
            return False
        text = head[: error.start].decode()
    return "\x00" not in text


def _bare_png(data: bytes) -> bytes:
    """Signature and the chunks that draw; no text, time, Exif or what comes after the end."""
    out, at = [data[:8]], 8
    while True:
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, end = data[at + 4 : at + 8], at + 12 + length
        if len(data) < end:
            raise ValueError("cut short")
        if kind in _PNG_KEPT:
            out.append(data[at:end])
        if kind == b"IEND":
            return b"".join(out)
        at = end


def _bare_jpeg(data: bytes) -> bytes:
    """Segments without APP1 to APP15 (Exif, XMP, maker) and comments; APP14 stays, it says how colours are read."""
    out, at = [data[:2]], 2
    while data[at] == 0xFF and data[at + 1] != 0xDA:
        marker, (length,) = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])
        if not (0xE1 <= marker <= 0xEF and marker != 0xEE) and marker != 0xFE:
            out.append(data[at : at + 2 + length])
        at += 2 + length
    end = data.rfind(b"\xff\xd9")
    if data[at : at + 2] != b"\xff\xda" or end < at:
        raise ValueError("no picture")
    return b"".join([*out, data[at : end + 2]])


def _path(sha256: str) -> Path:
    return Path(settings.FILES_DIR) / sha256[:2] / sha256
