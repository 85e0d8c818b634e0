"""Naming a company, so that there is somebody to order for."""

from typing import Any

from babel import Locale
from babel.core import get_global
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext_lazy, to_locale
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actions import organizations
from accounts.disclosure import Viewer
from kit.forms import LineField
from kit.pages import show

NO_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
"""Two letters in the list of territories that are no country's."""


def countries(language: str) -> list[tuple[str, str]]:
    """Every country by its ISO code, named and ordered in the reader's language."""
    named = Locale.parse(to_locale(language)).territories
    codes = [code for code in map(str, named) if len(code) == 2 and code.isalpha() and code not in NO_COUNTRIES]
    return sorted(((code, str(named[code])) for code in codes), key=lambda pair: pair[1])


class CompanyForm(forms.Form):
    """What stands on an invoice."""

    name = LineField(label=gettext_lazy("Company name"), limit=160, help_text=gettext_lazy("As it is registered."))
    name_zh = LineField(label=gettext_lazy("Chinese name"), limit=160, required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=())
    postal_address = LineField(
        label=gettext_lazy("Postal address"), limit=300, required=False,
        help_text=gettext_lazy("Street, postcode and town, as an invoice needs them."),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )  # fmt: skip
    tax_number = LineField(label=gettext_lazy("Tax number"), limit=32, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = countries(get_language() or "en")  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def found_(request: HttpRequest) -> HttpResponse:
    """Name a company and become its owner; then on to where the person came from."""
    viewer = request.viewer  # type: ignore[attr-defined]
    onward = _onward(request)
    form = CompanyForm(request.POST if request.method == "POST" else None, initial={"country": _likely(viewer)})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["name"] in {belonging.name for belonging in viewer.belongings}:
            form.add_error("name", _("You belong to a company of this name already."))
        else:
            company = organizations.found(
                by=viewer, language=viewer.language, timezone=viewer.timezone, **form.cleaned_data
            )
            messages.success(request, _("%(name)s is ready. You are its owner.") % {"name": company.name})
            return redirect(onward)
    context = {"form": form, "onward": onward}
    return show(request, "portal/organizations/found.html", context, status=422 if form.errors else 200)


def _likely(viewer: Viewer) -> str:
    """The country of the reader's zone; where it has none, that of the language."""
    zone = get_global("zone_aliases").get(viewer.timezone, viewer.timezone)
    country = str(get_global("zone_territories").get(zone, ""))
    return country if country.isalpha() else "CN" if viewer.language.startswith("zh") else "US"


def _onward(request: HttpRequest) -> str:
    """The page to go on to: one of ours, or the portal's first."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if is_ours else "/portal/"
