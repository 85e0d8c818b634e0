"""Naming a company, so that there is somebody to order for."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.actions import organizations
from kit.forms import LineField
from kit.pages import show

COUNTRIES = (
    ("CN", gettext_lazy("China")), ("DE", gettext_lazy("Germany")), ("FR", gettext_lazy("France")),
    ("GB", gettext_lazy("United Kingdom")), ("HK", gettext_lazy("Hong Kong")), ("JP", gettext_lazy("Japan")),
    ("MY", gettext_lazy("Malaysia")), ("SG", gettext_lazy("Singapore")), ("CA", gettext_lazy("Canada")),
    ("US", gettext_lazy("United States")), ("XX", gettext_lazy("another country")),
)  # fmt: skip


class CompanyForm(forms.Form):
    """What stands on an invoice."""

    name = LineField(label=gettext_lazy("Company name"), limit=160, help_text=gettext_lazy("As it is registered."))
    name_zh = LineField(label=gettext_lazy("Chinese name"), limit=160, required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), choices=COUNTRIES)
    tax_number = LineField(label=gettext_lazy("Tax number"), limit=32, required=False)


@require_http_methods(["GET", "HEAD", "POST"])
def found_(request: HttpRequest) -> HttpResponse:
    """Name a company and become its owner; then on to where the person came from."""
    viewer = request.viewer  # type: ignore[attr-defined]
    onward = _onward(request)
    form = CompanyForm(request.POST if request.method == "POST" else None)
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


def _onward(request: HttpRequest) -> str:
    """The page to go on to: one of ours, or the portal's first."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if is_ours else "/portal/"
