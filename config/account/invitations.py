"""The page behind the link of an invitation: come in, with the account that one has or with a new one."""

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import entry
from accounts.actions import invitations
from accounts.entry import Unusable
from accounts.models import User
from config.account.forms import LONG_ENOUGH
from config.account.zones import choices
from kit.forms import LineField


class JoinForm(forms.Form):
    """What a new account needs; its address stands in the invitation."""

    name = LineField(label=gettext_lazy("Your name"), limit=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=gettext_lazy("Password"), strip=False, max_length=200, help_text=LONG_ENOUGH,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    timezone = forms.CharField(widget=forms.HiddenInput(attrs={"data-zone": ""}), required=False, max_length=64)

    def clean_password(self) -> str:
        validate_password(self.cleaned_data["password"])
        return self.cleaned_data["password"]

    def clean_timezone(self) -> str:
        said = self.cleaned_data["timezone"]
        return said if said in {zone for _group, zones in choices("en") for zone, _name in zones} else "UTC"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Looking uses nothing up: programs that open every link of a mail do no harm."""
    try:
        return _accept(request, token)
    except Unusable:
        return render(request, "account/invitation_unusable.html", status=410)


def _accept(request: HttpRequest, token: str) -> HttpResponse:
    page = entry.show(token, request.user, at=timezone.now())
    if isinstance(request.user, User):
        if request.method == "POST":
            invitations.accept(token, by=request.user, at=timezone.now())
            messages.success(request, _("You belong here now."))
            return redirect("home")
        return render(request, "account/invitation.html", {"page": page})
    if page.has_account:
        return render(request, "account/invitation.html", {"page": page, "next": request.path})
    form = JoinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        person = invitations.join(token, at=timezone.now(), language=get_language() or "en", **form.cleaned_data)
        return perform_login(request, Login(user=person, email=person.email, redirect_url=reverse("home")))
    return render(request, "account/invitation.html", {"page": page, "form": form}, status=422 if form.errors else 200)
