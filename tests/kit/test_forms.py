"""Fields: clean first, then measure; several files at once, none kept on error."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from kit.forms import FILES_AT_ONCE, BlockField, FilesField, LineField


class Form(forms.Form):
    line = LineField(limit=5)
    block = BlockField(limit=8, required=False)
    files = FilesField(required=False)


def _form(line="abc", block="", *uploads):
    return Form({"line": line, "block": block}, MultiValueDict({"files": list(uploads)}))


def _errors(form):
    return {name: [error.code for error in errors] for name, errors in form.errors.as_data().items()}


def test_words_come_in_clean():
    form = _form(" a\u202e b ", "x  \r\ny")
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["line"], form.cleaned_data["block"]) == ("a b", "x\ny")


def test_invisible_words_are_no_words():
    assert _errors(_form("\u200b\u202e\x00")) == {"line": ["required"]}


def test_length_is_measured_after_cleaning():
    assert _form("abcde\u200b\u200b").is_valid()
    assert _errors(_form("abcdef")) == {"line": ["max_length"]}


def test_a_block_too_long_is_refused_not_cut():
    assert _errors(_form("abc", "123456789")) == {"block": ["max_length"]}


def test_several_files_come_in_as_a_list():
    form = _form("abc", "", SimpleUploadedFile("a.log", b"1"), SimpleUploadedFile("b.log", b"2"))
    assert form.is_valid(), form.errors
    assert [upload.name for upload in form.cleaned_data["files"]] == ["a.log", "b.log"]


def test_no_file_is_an_empty_list():
    form = _form()
    assert form.is_valid()
    assert form.cleaned_data["files"] == []


@pytest.mark.parametrize(
    ("uploads", "code"),
    [
        ([("a.log", b"")], "nothing"),
        ([("a.log", b"123456")], "too_large"),
        ([("a.log", b"1")] * (FILES_AT_ONCE + 1), "too_many"),
    ],
)
def test_what_cannot_be_taken_is_said(settings, uploads, code):
    settings.UPLOAD_LIMIT = 5
    form = _form("abc", "", *(SimpleUploadedFile(name, content) for name, content in uploads))
    assert _errors(form) == {"files": [code]}
