"""Files of a form that came back: for their owner alone, for some hours, within a bound, and none lost silently."""

import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDict

from accounts.disclosure import ANONYMOUS
from kit import stash
from kit.forms import FilesField
from tests.kit.test_forms import Form


class Reader:
    """Somebody who sends forms."""

    def __init__(self, pk: int) -> None:
        self.pk = pk


NINA, ADA = Reader(1), Reader(2)


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.FILES_DIR = tmp_path


def _sent(by, *uploads, tickets=()):
    request = RequestFactory().post("/", {"line": "much too long", "files": list(uploads), "files_kept": list(tickets)})
    request.viewer = by
    return request


def _came_back(request):
    form = Form(request.POST, stash.attached(request))
    form.is_valid()
    return stash.keep(request, form), form


def _log(content=b"OOMKilled", name="pods.log"):
    return SimpleUploadedFile(name, content)


def test_what_was_attached_is_attached_again():
    kept, _form = _came_back(_sent(NINA, _log()))
    again = stash.attached(_sent(NINA, tickets=[kept[0].ticket])).getlist("files")
    assert [(one.name, one.read()) for one in again] == [("pods.log", b"OOMKilled")]


def test_it_stays_through_any_number_of_attempts_beside_new_files():
    kept, _form = _came_back(_sent(NINA, _log()))
    kept, _form = _came_back(_sent(NINA, _log(name="more.log"), tickets=[kept[0].ticket]))
    assert {one.name for one in kept} == {"pods.log", "more.log"}


def test_what_is_unticked_is_not_sent():
    _came_back(_sent(NINA, _log()))
    assert not stash.attached(_sent(NINA)).getlist("files")


def test_the_form_shows_it_ticked():
    kept, form = _came_back(_sent(NINA, _log(name="<b>.log")))
    shown = str(form["files"])
    assert f'value="{kept[0].ticket}" checked' in shown and "b-.log" in shown and "<b>" not in shown


def test_nobody_else_can_use_it():
    kept, _form = _came_back(_sent(NINA, _log()))
    assert not stash.attached(_sent(ADA, tickets=[kept[0].ticket]))
    assert not stash.attached(_sent(ANONYMOUS, tickets=[kept[0].ticket]))


@pytest.mark.parametrize("ticket", ["", "x", "a:b:c", "\x00", "../../secret_key", "x" * 100_000])
def test_a_made_up_ticket_is_nothing(ticket):
    assert not stash.attached(_sent(NINA, tickets=[ticket]))


def test_a_file_whose_time_is_over_is_told_by_name():
    kept, _form = _came_back(_sent(NINA, _log()))
    assert stash.sweep(time.time() + stash.KEPT_SECONDS + 1) == 1
    _kept, form = _came_back(_sent(NINA, tickets=[kept[0].ticket]))
    assert [error.code for error in form.errors.as_data()["files"]] == ["gone"]
    assert "pods.log" in str(form.errors["files"])


def test_what_is_still_young_is_not_swept():
    _came_back(_sent(NINA, _log()))
    assert stash.sweep() == 0


def test_of_one_person_only_so_many_are_kept(tmp_path):
    for number in range(stash.KEPT_FILES + 5):
        _came_back(_sent(NINA, _log(name=f"{number}.log")))
    assert len(list((tmp_path / "stash" / "1").iterdir())) == stash.KEPT_FILES


def test_neither_empty_nor_too_large_files_are_kept(settings):
    settings.UPLOAD_LIMIT = 5
    kept, form = _came_back(_sent(NINA, _log(b""), _log(b"123456"), _log(b"12345", "fits.log")))
    assert [one.name for one in kept] == ["fits.log"] and form.errors["files"]


def test_a_field_that_must_have_a_file_is_content_with_a_kept_one():
    kept, _form = _came_back(_sent(NINA, _log()))
    found = stash.attached(_sent(NINA, tickets=[kept[0].ticket]))
    assert isinstance(found, MultiValueDict) and FilesField().clean(found.getlist("files"))


def test_a_file_that_another_process_removes_meanwhile_stops_nobody(tmp_path):
    (tmp_path / "stash" / "1").mkdir(parents=True)
    (tmp_path / "stash" / "1" / "gone").symlink_to(tmp_path / "nowhere")
    kept, _form = _came_back(_sent(NINA, _log()))
    assert kept and stash.sweep(time.time() + stash.KEPT_SECONDS + 60) == 1
