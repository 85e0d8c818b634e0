"""Outsiders read projections: a row, a queryset or a person cannot be put into one, or next to one."""

from datetime import datetime

import pytest
from django import forms
from django.http import HttpRequest

from accounts.models import Organization, User
from kit.pages import show
from kit.projection import Leak, check, projection, to_json


@projection
class Line:
    text: str
    said_at: datetime | None = None


@projection
class Page:
    lines: tuple[Line, ...]


class PickForm(forms.Form):
    organization = forms.ModelChoiceField(Organization.objects.all())


def test_a_projection_cannot_declare_a_row() -> None:
    with pytest.raises(TypeError, match="cannot be shown outside"):

        @projection
        class Leaky:
            author: User


def test_a_projection_cannot_declare_anything_that_could_hold_a_row() -> None:
    with pytest.raises(TypeError, match="cannot be shown outside"):

        @projection
        class Leaky:
            parts: list[str]


def test_a_projection_is_frozen() -> None:
    with pytest.raises(AttributeError):
        Line(text="x").text = "y"  # type: ignore[misc]


def test_projections_of_projections_pass() -> None:
    check({"page": Page(lines=(Line(text="x"),))})


@pytest.mark.parametrize(
    "value",
    [
        User(name="Omar"),
        [User(name="Omar")],
        {"a": (User(name="Omar"),)},
        Organization.objects,
        ValueError("x"),
        object(),
    ],
)
def test_what_is_not_a_projection_is_refused(value: object) -> None:
    with pytest.raises(Leak):
        check({"value": value})


def test_a_row_smuggled_into_a_projection_is_refused() -> None:
    with pytest.raises(Leak, match=r"page.lines\[0\].text"):
        check(Page(lines=(Line(text=User(name="Omar")),)), "page")  # type: ignore[arg-type]


def test_a_form_that_offers_rows_is_refused() -> None:
    with pytest.raises(Leak, match="organization"):
        check({"form": PickForm()})


def test_a_page_with_a_queryset_is_never_rendered() -> None:
    with pytest.raises(Leak):
        show(HttpRequest(), "404.html", {"people": User.objects.all()})


def test_a_payload_carries_no_row() -> None:
    with pytest.raises(Leak):
        to_json({"by": User(name="Omar")})
