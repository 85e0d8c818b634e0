"""Policies: what plans promise, version by version, and what cannot be promised as things are configured."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from desk import faults, reach
from faces.office.drafts import PolicyForm, TermForms
from kit.verbs import Refused
from promises import board, drafts, patterns
from promises.actions import policies
from promises.models import Policy, PolicyVersion
from promises.models.policies import SEVERITIES


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing would do, before it is done."""

    changes: tuple[tuple[str, str, str], ...]
    examples: list[drafts.Example]
    silent: list[int]
    """Severities about which the draft says nothing at all."""


@require_safe
def list_(request: HttpRequest) -> HttpResponse:
    """Every policy with the version in force, and above them what is wrong."""
    at = timezone.now()
    context = {"policies": board.policies(at), "faults": faults.found(at)}
    return render(request, "office/policies/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A policy that does not stand yet; `like` is the key of a published plan to start from."""
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, code: str) -> HttpResponse:
    """A policy with its versions, and the next one as a form; `version` fills the form from an earlier one."""
    try:
        return _edit(request, Policy.objects.get(code=code))
    except Policy.DoesNotExist as missing:
        raise Http404 from missing


def _edit(request: HttpRequest, policy: Policy | None) -> HttpResponse:
    at = timezone.now()
    versions = board.versions(policy) if policy else []
    last, shown = (versions[0] if versions else None), _shown(request, versions)
    before = drafts.of_version(last) if last else None
    like = patterns.plans().get(request.GET.get("like", ""))
    starts = drafts.of_version(shown) if shown else None
    form = PolicyForm(request.POST or None, policy=policy, last=last, starts=starts, at=at)
    rows = TermForms(request.POST or None, starts=starts, like=like, at=at)
    preview = None
    if request.method == "POST" and form.is_valid() and rows.is_valid(form.begins):
        preview = _preview(rows, form, before, at)
        if request.POST.get("do") == "publish" and _publish(request, form, rows, at):
            return redirect("office:policy", form.policy_code)
    context = {
        "policy": policy, "versions": versions, "shown": shown, "form": form, "rows": rows, "preview": preview,
        "reach": reach.of_policy(policy.code, at) if policy else None, "patterns": patterns.plans().values(),
        "like": like, "now": at,
    }  # fmt: skip
    has_errors = bool(form.errors or rows.has_errors)
    return render(request, "office/policies/show.html", context, status=422 if has_errors else 200)


def _shown(request: HttpRequest, versions: list[PolicyVersion]) -> PolicyVersion | None:
    """The version that fills the form: the one that was asked for, else the newest."""
    asked = request.GET.get("version", "")
    if not asked:
        return versions[0] if versions else None
    found = next((version for version in versions if str(version.number) == asked), None)
    if found is None:
        raise Http404
    return found


def _preview(rows: TermForms, form: PolicyForm, before: Any, at: datetime) -> Preview:
    terms, begins = rows.terms, max(form.begins, at)
    said = {term["severity"] for term in terms}
    return Preview(
        changes=drafts.changes(before, (terms, form.rules)), examples=drafts.examples(terms, begins),
        silent=[severity for severity in SEVERITIES if severity not in said],
    )  # fmt: skip


def _publish(request: HttpRequest, form: PolicyForm, rows: TermForms, at: datetime) -> bool:
    """Whether it was done; else the form says why not."""
    words = form.cleaned_data
    try:
        version = policies.publish(
            form.policy_code, name=words["name"], name_zh=words["name_zh"], valid_from=form.begins, terms=rows.terms,
            by=request.viewer, at=at, after=words["after"] or 0, **form.rules,  # type: ignore[attr-defined]
        )  # fmt: skip
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("Version %(n)d is published. Open tickets keep theirs.") % {"n": version.number})
    return True
