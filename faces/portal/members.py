"""The people of an organization: who belongs to it with which role, who is invited, and its departments."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import disclosure
from accounts.actions import departments, invitations, members
from accounts.disclosure import ROLES, MemberLine, People
from faces.portal.asking import Request, foreign_is_missing
from kit.forms import LineField
from kit.pages import show as show_page
from kit.verbs import Refused
from vendors.actions import engineers
from vendors.disclosure import sells

MEANING = {
    "owner": gettext_lazy("everything, other owners included"),
    "admin": gettext_lazy("members, departments, assets and purchases"),
    "billing": gettext_lazy("orders, invoices and payments"),
    "member": gettext_lazy("opens and answers tickets; sees no orders and invoices"),
    "viewer": gettext_lazy("reads tickets; sees no orders and invoices"),
    "engineer": gettext_lazy("works your own desks; needs a second step for signing in"),
}
ALL = "*"


class InviteForm(forms.Form):
    """Whom to ask in, as what, in which language the mail is, and for which department."""

    address = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=gettext_lazy("Role"), initial="member", widget=forms.RadioSelect)
    department = forms.ChoiceField(label=gettext_lazy("Sees"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the mail"), choices=[("en", "English"), ("zh-hans", "简体中文")]
    )

    def __init__(self, *args: Any, people: People, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles(people, sells(people.reference))  # type: ignore[attr-defined]
        if rooms := [(one.reference, one.name) for one in people.departments if not one.is_archived]:
            self.fields["department"].choices = [("", _("every department")), *rooms]  # type: ignore[attr-defined]
        else:
            del self.fields["department"]


class MemberForm(forms.Form):
    """What a member may do and see."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), widget=forms.RadioSelect)
    departments = forms.MultipleChoiceField(
        label=gettext_lazy("Sees the tickets and clusters of"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("What belongs to no department is seen by everybody. Owners and admins see all."),
    )  # fmt: skip

    def __init__(self, *args: Any, people: People, member: MemberLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = roles(people, is_selling=member.role == "engineer")
        self.fields["role"].choices = offered  # type: ignore[attr-defined]
        if rooms := [(one.reference, one.name) for one in people.departments]:
            self.fields["departments"].choices = [(ALL, _("every department")), *rooms]  # type: ignore[attr-defined]
        else:
            del self.fields["departments"]


class DepartmentForm(forms.Form):
    """The name of a department."""

    name = LineField(label=gettext_lazy("Name of the department"), limit=80)


def roles(people: People, is_selling: bool) -> list[tuple[str, str]]:
    """Roles that this reader may give, each with what it may do. Owners are made by owners, engineers by who sells."""
    hidden = {"owner"} if not people.is_owner else set()
    hidden |= set() if is_selling else {"engineer"}
    said = _("%(role)s: %(meaning)s")
    return [
        (role, said % {"role": words, "meaning": MEANING[role]}) for role, words in ROLES.items() if role not in hidden
    ]


@require_safe
def list_(request: Request) -> HttpResponse:
    """On to the first of the reader's organizations, or to founding one."""
    belongings = request.viewer.belongings
    if not belongings:
        return redirect("portal:organization-new")
    return redirect("portal:members-of", belongings[0].reference)


@require_http_methods(["GET", "HEAD", "POST"])
@foreign_is_missing
def show(request: Request, organization: str) -> HttpResponse:
    """Everybody; whoever manages invites here."""
    people = disclosure.people(organization, request.viewer, at=timezone.now())
    form = InviteForm(request.POST if request.method == "POST" else None, people=people, initial=_language(request))
    if request.method == "POST" and form.is_valid():
        try:
            _invite(request, organization, form.cleaned_data)
            messages.success(request, _("The invitation is on its way to %(address)s.") % form.cleaned_data)
            return redirect("portal:members-of", organization)
        except Refused as refused:
            form.add_error(None, str(refused))
    return _page(request, people, form=form)


def _page(
    request: Request, people: People, *, form: InviteForm | None = None, naming: DepartmentForm | None = None,
    renamed: str = "",
) -> HttpResponse:  # fmt: skip
    """The list; `naming` is a name that came back, of the department `renamed` or of a new one."""
    form = form or InviteForm(people=people, initial=_language(request))
    context = {
        "people": people, "form": form, "renamed": renamed, "naming": naming,
        "department_form": naming if naming and not renamed else DepartmentForm(),
        "others": tuple(one for one in request.viewer.belongings if one.reference != people.reference),
    }  # fmt: skip
    is_wrong = form.errors or (naming and naming.errors)
    return show_page(request, "portal/members/list.html", context, status=422 if is_wrong else 200)


@require_POST
@foreign_is_missing
def answer_invitation(request: Request, organization: str, invitation: str) -> HttpResponse:
    """Send an invitation again (`do=send`) or take it back (`do=revoke`)."""
    if request.POST.get("do") == "send":
        return _do(request, organization, invitations.send_again, _("It is on its way again."), invitation)
    return _do(request, organization, invitations.revoke, _("The invitation is taken back."), invitation)


@require_http_methods(["GET", "HEAD", "POST"])
@foreign_is_missing
def change(request: Request, organization: str, member: str) -> HttpResponse:
    """One member: role and departments."""
    people = disclosure.people(organization, request.viewer, at=timezone.now())
    line = next((one for one in people.members if one.reference == member), None)
    if line is None or not (people.manages or line.is_reader):
        return redirect("portal:members-of", organization)
    form = MemberForm(
        request.POST if request.method == "POST" else None, people=people, member=line,
        initial={"role": line.role, "departments": _seen(people, line)},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            _change(request, organization, line, form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("portal:members-of", organization)
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {"people": people, "member": line, "form": form}
    return show_page(request, "portal/members/member.html", context, status=422 if form.errors else 200)


@require_POST
@foreign_is_missing
def remove(request: Request, organization: str, member: str) -> HttpResponse:
    """The member belongs to the organization no more; one's own removal is leaving."""
    done = _("Removed. Nothing of this organization opens for them any more.")
    answer = _do(request, organization, members.remove, done, member)
    is_gone = not any(one.reference == organization for one in disclosure_of(request))
    return redirect("portal:home") if is_gone else answer


@require_POST
@foreign_is_missing
def make_department(request: Request, organization: str) -> HttpResponse:
    form = DepartmentForm(request.POST)
    if not form.is_valid():
        return _page(request, disclosure.people(organization, request.viewer, at=timezone.now()), naming=form)
    return _do(request, organization, departments.make, _("The department stands."), **form.cleaned_data)


@require_POST
@foreign_is_missing
def change_department(request: Request, organization: str, department: str) -> HttpResponse:
    """Rename (`name`), archive (`do=archive`) or reopen (`do=reopen`)."""
    if request.POST.get("do") == "archive":
        done = _("Archived. What belongs to it stays where it is.")
        return _do(request, organization, departments.archive, done, department)
    if request.POST.get("do") == "reopen":
        return _do(request, organization, departments.reopen, _("It takes new tickets again."), department)
    form = DepartmentForm(request.POST)
    if not form.is_valid():
        people = disclosure.people(organization, request.viewer, at=timezone.now())
        return _page(request, people, naming=form, renamed=department)
    return _do(request, organization, departments.rename, _("Renamed."), department, **form.cleaned_data)


def disclosure_of(request: Request) -> tuple[disclosure.Belonging, ...]:
    """Where the reader belongs now, after what was just done."""
    return disclosure.belongings(request.viewer.pk)


def _language(request: Request) -> dict[str, str]:
    return {"language": request.viewer.language}


def _invite(request: Request, organization: str, words: dict[str, Any]) -> None:
    by, at = request.viewer, timezone.now()
    said = {"address": words["address"], "language": words["language"]}
    if words["role"] == "engineer":
        engineers.invite(organization, by=by, at=at, **said)
    else:
        room = words.get("department") or None
        invitations.invite(organization, by=by, at=at, role=words["role"], department=room, **said)


def _change(request: Request, organization: str, line: MemberLine, words: dict[str, Any]) -> None:
    by, at = request.viewer, timezone.now()
    if words["role"] != line.role:
        members.change_role(organization, line.reference, by=by, at=at, role=words["role"])
    if "departments" in words and words["role"] not in ("owner", "admin"):
        chosen = None if ALL in words["departments"] else words["departments"]
        members.show_departments(organization, line.reference, by=by, at=at, departments=chosen)


def _seen(people: People, line: MemberLine) -> list[str]:
    return [ALL] if line.sees_all else [one.reference for one in people.departments if one.name in line.departments]


def _do(request: Request, organization: str, verb: Any, done: str, *args: str, **said: Any) -> HttpResponse:
    """Do it, or say why not; either way back to the list."""
    try:
        verb(organization, *args, by=request.viewer, at=timezone.now(), **said)
        messages.success(request, done)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("portal:members-of", organization)
