"""The forms of sign-in and account pages, in the words of the house; allauth does the work behind them."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as factor
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from config.account.zones import canonical, choices, choices_at
from kit.forms import LineField

ADDRESS, PASSWORD, NEW_PASSWORD = _("E-mail address"), _("Password"), _("New password")
LONG_ENOUGH = _("At least twelve characters. A short sentence is easier to keep in mind than a puzzle.")


def _words(form: forms.BaseForm, **labels: Any) -> None:
    """Our labels, and no placeholder that would double them."""
    for name, label in labels.items():
        if name in form.fields:
            form.fields[name].label = label
            form.fields[name].widget.attrs.pop("placeholder", None)


class LoginForm(account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self, login=ADDRESS, password=PASSWORD, remember=_("Keep me signed in on this device"))
        self.fields["login"].widget.attrs |= {"autocomplete": "username webauthn"}
        self.fields["password"].help_text = ""


class SignupForm(account.SignupForm):
    """Name, address, password; the zone is filled in by the browser where it can."""

    name = LineField(label=_("Your name"), limit=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    timezone = forms.CharField(widget=forms.HiddenInput(attrs={"data-zone": ""}), required=False, max_length=64)
    field_order = ("name", "email", "password1", "timezone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self, email=ADDRESS, password1=PASSWORD)
        self.fields["password1"].help_text = LONG_ENOUGH
        self.order_fields(self.field_order)

    def clean_timezone(self) -> str:
        """What the browser says, if it is a zone at all."""
        said = canonical(self.cleaned_data["timezone"])
        return said if said in {zone for _group, zones in choices("en") for zone, _name in zones} else ""


class AddEmailForm(account.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self, email=_("New e-mail address"))


class ChangePasswordForm(account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self, oldpassword=_("Current password"), password1=NEW_PASSWORD, password2=_("New password once more"))
        self.fields["password1"].help_text = LONG_ENOUGH


class SetPasswordForm(account.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self, password1=NEW_PASSWORD, password2=_("New password once more"))
        self.fields["password1"].help_text = LONG_ENOUGH


class ResetPasswordForm(account.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self, email=ADDRESS)


class ResetPasswordKeyForm(account.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self, password1=NEW_PASSWORD, password2=_("New password once more"))
        self.fields["password1"].help_text = LONG_ENOUGH


class ReauthenticateForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self, password=PASSWORD)


CODE = _("Code of the app, or a recovery code")


class AuthenticateForm(factor.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self, code=CODE)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "class": "code-field"}


class ReauthenticateByCodeForm(factor.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self, code=CODE)
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "class": "code-field"}


class AppForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self, code=_("Six digits that the app shows"))
        self.fields["code"].widget.attrs |= {"inputmode": "numeric", "class": "code-field", "maxlength": "6"}


class PasskeyForm(AddWebAuthnForm):
    """A key that may stand in for the password (a passkey), or one that only follows it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _words(self, name=_("What you call it"))
        self.fields["name"] = LineField(
            label=_("What you call it"),
            limit=60,
            required=False,
            help_text=_("Such as: laptop, phone, key on my ring."),
        )
        self.fields["passwordless"].label = _("Sign in with it alone, without address and password")
        self.fields["passwordless"].help_text = _("It then asks for your finger, your face or a PIN.")
        self.fields["passwordless"].initial = True


class PasskeyNameForm(EditWebAuthnForm):
    name = LineField(label=_("What you call it"), limit=60)


class PersonForm(forms.Form):
    """Who I am, and how I read."""

    name = LineField(label=_("Name"), limit=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("Of the pages and of the mails that you get.")
    )
    timezone = forms.ChoiceField(label=_("Time zone"), help_text=_("In which deadlines and moments are shown."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["timezone"].choices = choices_at(get_language() or "en", timezone.now())  # type: ignore[attr-defined]
