"""One's own account on one page, and the list of places where one is signed in."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from accounts import factors, sessions
from accounts.actions import people
from accounts.actions import sessions as session_verbs
from config.account.adapter import FactorAdapter
from config.account.forms import PersonForm
from config.account.zones import canonical


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """Name, language and zone to change here; address, password, factors and sessions with the way to each."""
    user = request.user
    form = PersonForm(
        request.POST if request.method == "POST" else None,
        initial={"name": user.name, "language": user.language, "timezone": canonical(user.timezone)},  # type: ignore[union-attr]
    )
    if request.method == "POST" and form.is_valid():
        people.describe(by=user, **form.cleaned_data)  # type: ignore[arg-type]
        with override(form.cleaned_data["language"]):
            messages.success(request, _("Saved."))
        response = redirect("account")
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        return response
    kinds = list(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
    context = {
        "form": form,
        "has_app": Authenticator.Type.TOTP in kinds,
        "passkeys": kinds.count(Authenticator.Type.WEBAUTHN),
        "has_codes": Authenticator.Type.RECOVERY_CODES in kinds,
        "needs_factor": factors.is_required(request.viewer),  # type: ignore[attr-defined]
        "sessions": len(sessions.lines(user, request.session.session_key)),  # type: ignore[arg-type]
    }
    return render(request, "account/show.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def list_sessions(request: HttpRequest) -> HttpResponse:
    """Every place; end one (`end=<handle>`) or all others (`others=1`)."""
    key = request.session.session_key
    if request.method == "POST" and request.POST.get("others"):
        session_verbs.end_others(key, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("You are signed out everywhere else."))
        return redirect("account-sessions")
    if request.method == "POST":
        which = request.POST.get("end", "")
        session_verbs.end(which, by=request.user)  # type: ignore[arg-type]
        if key and which == sessions.handle(key):
            logout(request)
            return redirect("account_login")
        messages.success(request, _("That session has ended."))
        return redirect("account-sessions")
    return render(request, "account/sessions.html", {"lines": sessions.lines(request.user, key)})  # type: ignore[arg-type]


class SetUp:
    """Setting the first one up in a session is showing it."""

    request: HttpRequest

    def form_valid(self, form: BaseForm) -> HttpResponse:
        user = self.request.user
        is_first = not factors.has_any(user.pk)  # type: ignore[arg-type]
        answer = super().form_valid(form)  # type: ignore[misc]
        if is_first:
            factors.mark(self.request, user)  # type: ignore[arg-type]
        return answer


class SetUpApp(SetUp, ActivateTOTPView):
    """Setting up an app with codes."""


class AddPasskey(SetUp, AddWebAuthnView):
    """Adding a passkey."""


class RemovePasskey(RemoveWebAuthnView):
    """Removing a passkey, unless it is the last factor of somebody who must have one."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        adapter = FactorAdapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            messages.error(self.request, str(adapter.error_messages["cannot_delete_authenticator"]))
            return redirect("mfa_list_webauthn")
        return super().form_valid(form)
