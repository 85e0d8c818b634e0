"""The people of the house: teams and seats, invitations, second factors, closing and reopening accounts."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts import board
from accounts.actions import invitations, people, teams
from accounts.board import House, PersonLine
from duty import coverage
from kit.verbs import Refused


class InviteForm(forms.Form):
    """Whom to ask into which team. Whoever accepts is a person of the house, and never of a customer."""

    address = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    team = forms.TypedChoiceField(label=gettext_lazy("Team"), coerce=int)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the mail"), choices=[("en", "English"), ("zh-hans", "简体中文")]
    )

    def __init__(self, *args: Any, house: House, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = [(team.pk, team.name) for team in house.teams]  # type: ignore[attr-defined]


class SeatsForm(forms.Form):
    """In which teams somebody sits."""

    teams = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Sits in"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, house: House, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["teams"].choices = [(team.pk, team.name) for team in house.teams]  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def list_(request: HttpRequest) -> HttpResponse:
    """Everybody, and the form to invite one more."""
    house = board.show(at=timezone.now())
    form = InviteForm(request.POST if request.method == "POST" else None, house=house)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        try:
            invitations.invite_inside(
                words["team"], by=_by(request), at=timezone.now(), address=words["address"], language=words["language"]
            )
            messages.success(request, _("The invitation is on its way to %(address)s.") % words)
            return redirect("office:people")
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"house": house, "form": form}
    return render(request, "office/people/list.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, person: int) -> HttpResponse:
    """One person: seats, and what closing the account would leave behind."""
    line = _line(person)
    house = board.show(at=timezone.now())
    form = SeatsForm(
        request.POST if request.method == "POST" else None, house=house, initial={"teams": list(line.team_pks)}
    )
    if request.method == "POST" and form.is_valid():
        return _do(request, person, teams.change, _("Saved."), form.cleaned_data["teams"])
    context = {
        "person": line, "form": form, "standings": coverage.of_person(person, at=timezone.now()),
        "is_reader": person == _by(request).pk,
    }  # fmt: skip
    return render(request, "office/people/show.html", context, status=422 if form.errors else 200)


@require_POST
def close(request: HttpRequest, person: int) -> HttpResponse:
    """Close the account, or open it again (`do=reopen`)."""
    if request.POST.get("do") == "reopen":
        return _do(request, person, people.reopen, _("Open again, with the same seats and second factor."))
    return _do(request, person, people.close, _("Closed. Every session has ended."))


@require_POST
def reset_factor(request: HttpRequest, person: int) -> HttpResponse:
    """Somebody lost the second factor."""
    return _do(request, person, people.reset_factor, _("Taken away. The next sign-in sets up a new one."))


@require_POST
def answer_invitation(request: HttpRequest, reference: str) -> HttpResponse:
    """Send an invitation again (`do=send`) or take it back."""
    is_sent = request.POST.get("do") == "send"
    verb = invitations.send_again_inside if is_sent else invitations.revoke_inside
    try:
        verb(reference, by=_by(request), at=timezone.now())
        messages.success(request, _("It is on its way again.") if is_sent else _("The invitation is taken back."))
    except Refused as refused:
        messages.error(request, str(refused))
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    return redirect("office:people")


def _do(request: HttpRequest, person: int, verb: Any, done: str, *args: Any) -> HttpResponse:
    """Do it, or say why not; either way back to the person."""
    try:
        verb(person, *args, by=_by(request), at=timezone.now())
        messages.success(request, done)
    except Refused as refused:
        messages.error(request, str(refused))
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    return redirect("office:person", person)


def _line(person: int) -> PersonLine:
    try:
        return board.person(person)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing


def _by(request: HttpRequest) -> Any:
    return request.viewer  # type: ignore[attr-defined]
