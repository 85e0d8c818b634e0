"""Files: kept by content, named safely, never opened as a page, freed of their makers' traces."""

import hashlib
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kit import files


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.FILES_DIR = tmp_path


def _upload(content: bytes, name: str = "a.log") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG_HEAD = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
PNG_TAIL = _chunk(b"IDAT", zlib.compress(b"\x00\x00")) + _chunk(b"IEND", b"")


def test_content_lies_under_its_hash():
    stored = files.store(_upload(b"restarting failed container"))
    assert files.content(stored.sha256).read_bytes() == b"restarting failed container"
    assert stored.sha256 == hashlib.sha256(b"restarting failed container").hexdigest()


def test_a_file_too_large_leaves_nothing_behind(settings, tmp_path):
    settings.UPLOAD_LIMIT = 10
    with pytest.raises(files.TooLarge):
        files.store(_upload(b"x" * 11))
    assert list(tmp_path.rglob("*.*")) == []


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (b"<html><script>alert(1)</script>", "page.html", "text/plain"),
        (PNG_HEAD + PNG_TAIL, "picture.txt", "image/png"),
        (b"%PDF-1.7", "invoice.png", "application/pdf"),
        ("日志".encode(), "a", "text/plain"),
        (b"\x00\x01\x02", "core.txt", "application/octet-stream"),
    ],
)
def test_the_type_is_read_from_the_content(content, name, media_type):
    assert files.store(_upload(content, name)).media_type == media_type


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        (".bashrc", "bashrc"),
        ('a"b\r\nSet-Cookie: x.log', "a-b Set-Cookie- x.log"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("", "file"),
        ("日志 1.txt", "日志 1.txt"),
    ],
)
def test_names_are_safe(name, safe):
    assert files.safe_name(name) == safe


def test_a_long_name_keeps_its_ending():
    assert files.safe_name("x" * 300 + ".log").endswith(".log")
    assert len(files.safe_name("x" * 300 + ".log")) == files.NAME_LIMIT


def test_an_answer_is_a_download_in_a_sandbox():
    stored = files.store(_upload(b"<script>alert(1)</script>", "page.html"))
    answer = files.answer(stored.name, stored.media_type, stored.sha256)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"


@pytest.mark.parametrize("name", ["../secret", "0" * 63, "Z" * 64, "0" * 64])
def test_only_hashes_that_exist_name_content(name):
    with pytest.raises(FileNotFoundError):
        files.content(name)


def test_a_picture_loses_what_it_says_of_its_maker():
    author = _chunk(b"tEXt", b"Author\x00Lin Hao") + _chunk(b"eXIf", b"GPS 31.2 N")
    stored = files.store(_upload(PNG_HEAD + author + PNG_TAIL + b"trailing secret", "linhao-laptop.png"))
    bare = files.without_traces(stored, 1)
    assert files.content(bare.sha256).read_bytes() == PNG_HEAD + PNG_TAIL
    assert bare.name == "attachment-1.png"


def test_a_photo_loses_its_exif():
    exif = b"\xff\xe1" + struct.pack(">H", 2 + 9) + b"Exif GPS!"
    comment = b"\xff\xfe" + struct.pack(">H", 2 + 4) + b"Ravi"
    scan = b"\xff\xda\x00\x02\x11\x22\xff\xd9"
    table = b"\xff\xdb" + struct.pack(">H", 2 + 3) + b"abc"
    stored = files.store(_upload(b"\xff\xd8" + exif + table + comment + scan, "photo.jpg"))
    bare = files.without_traces(stored, 2)
    assert files.content(bare.sha256).read_bytes() == b"\xff\xd8" + table + scan


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"PK\x03\x04", PNG_HEAD, b"\xff\xd8\xff\xe1\x00"])
def test_what_cannot_be_cleaned_does_not_pass(content):
    with pytest.raises(files.HasTraces):
        files.without_traces(files.store(_upload(content)), 1)
