"""What allauth does the house's way: mails are rows, secrets are encrypted, a required factor cannot be taken away."""

import base64
import hashlib
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.utils import get_next_redirect_url
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import factors
from accounts.models import User
from kit.texts import clean_line
from notifications.actions import notices

CONFIRM = "accounts.confirm"
MAILS = {
    "account/email/email_confirmation": (CONFIRM, "activate_url"),
    "account/email/email_confirmation_signup": (CONFIRM, "activate_url"),
    "account/email/password_reset_key": ("accounts.reset", "password_reset_url"),
    "account/email/unknown_account": ("accounts.unknown", "signup_url"),
    "account/email/account_already_exists": ("accounts.exists", "password_reset_url"),
}
"""Mails with a link: their kind with us, and where allauth puts the link."""
NEWS = {
    "account/email/password_changed": "password_changed",
    "account/email/password_reset": "password_changed",
    "account/email/password_set": "password_changed",
    "account/email/email_changed": "email_changed",
    "account/email/email_confirm": "email_changed",
    "account/email/email_deleted": "email_changed",
    "mfa/email/totp_activated": "app_added",
    "mfa/email/totp_deactivated": "app_removed",
    "mfa/email/webauthn_added": "passkey_added",
    "mfa/email/webauthn_removed": "passkey_removed",
    "mfa/email/recovery_codes_generated": "codes_made",
}
"""What changed about the account, told to the person who should know whether it was them."""


ONWARD_LIMIT = 400
"""Longer addresses to go on to are left out of a mail."""


class AccountAdapter(DefaultAccountAdapter):
    """Accounts. Anybody outside may sign up; people of the house come by invitation alone."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _("Address and password do not fit together."),
        "enter_current_password": _("Type your current password."),
        "incorrect_password": _("That is not your password."),
        "incorrect_code": _("This code does not fit. A new one appears every thirty seconds."),
        "invalid_or_expired_key": _("This link has been used or has expired."),
        "invalid_password_reset": _("This link has been used or has expired."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "same_as_current": _("That is the present one."),
        "rate_limited": _("Too many tries. Wait a few minutes, then try again."),
        "duplicate_email": _("This is your address already."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A row, which leaves by the same way as every mail, in the language of the person or of the page."""
        person = context.get("user") or User.objects.filter(emailaddress__email__iexact=email).first()
        kind, link = MAILS.get(template_prefix, ("accounts.changed", ""))
        payload: dict[str, Any] = {"name": person.name if person else "", "address": email}
        if link:
            payload["url"] = settings.SITE_URL + urlsplit(context[link]).path + (_onward() if kind == CONFIRM else "")
        else:
            payload |= {
                "what": NEWS.get(template_prefix, "other"), "happened_at": timezone.now().isoformat(),
                "ip": context.get("ip", ""), "device": clean_line(str(context.get("user_agent", "")), 200),
                "to": str(context.get("to_emailaddress", "") or ""),
            }  # fmt: skip
        notices.address(
            email, kind, payload, language=person.language if person else get_language() or "en",
            zone=person.timezone if person else "UTC", at=timezone.now(),
        )  # fmt: skip

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """A sign-in of the last minutes is as good as typing the password once more."""
        request: HttpRequest = context.request
        records = get_authentication_records(request, request.user)  # type: ignore[arg-type]
        since = timezone.now().timestamp() - REAUTHENTICATION_TIMEOUT
        return super().is_reauthentication_required(app=app, **kwargs) and not any(
            record.get("at", 0) > since for record in records
        )

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """From here on the person's own language holds, not the one that somebody chose on this device before."""
        response = super().post_login(request, user, **kwargs)
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        return response

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """With the name, and the language and zone in which the person signs up."""
        user.name = form.cleaned_data.get("name", "")
        user.language = get_language() or "en"
        user.timezone = form.cleaned_data.get("timezone") or "UTC"
        return super().save_user(request, user, form, commit)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/accounts/"


class FactorAdapter(DefaultMFAAdapter):
    """Second factors."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("Your work needs a second factor. Add another one before you remove this."),
        "incorrect_code": _("This code does not fit. A new one appears every thirty seconds."),
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def get_totp_issuer(self) -> str:
        return "Gatehouse"

    def _get_site_name(self) -> str:
        return "Gatehouse"

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody who must have one."""
        return not (factors.is_required_of(authenticator.user) and factors.is_last(authenticator))

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return str(_("My device")) if not count else str(_("My device %(number)d")) % {"number": count + 1}


def _onward() -> str:
    """Where the person was going when the account was made, for the link of the mail; one of our own pages or none."""
    wanted = get_next_redirect_url(context.request) if context.request else None
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and len(wanted or "") <= ONWARD_LIMIT
    return f"?{urlencode({'next': wanted})}" if is_ours else ""


def _box() -> MultiFernet:
    """Encrypts with the secret key of the house; opens what former keys have closed."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"factor:{k}".encode()).digest())) for k in keys]
    )
