"""The forms of a policy's next version: its rules, and a row for each severity."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duty.models import Calendar
from kit.forms import LineField
from kit.templatetags.look import named
from promises import drafts, units
from promises.clock import KINDS
from promises.disclosure import CLOCK_NAMES
from promises.drafts import CHOICES, RESTARTED, RULES, Rules, TermOffered
from promises.models import Policy, PolicyVersion
from promises.models.policies import SEVERITIES
from promises.patterns import Pattern

TARGET = re.compile(r"(\d{1,4})\s*(min|h|d|分钟|分|小时|时|天|日|工作日)")
UNITS: Mapping[str, units.Unit] = {
    "min": "min", "分钟": "min", "分": "min", "h": "h", "小时": "h", "时": "h", "d": "d", "天": "d", "日": "d",
    "工作日": "d",
}  # fmt: skip
Starts = tuple[list[TermOffered], Rules] | None


class TargetField(LineField):
    """A target as people write it: "30 min", "4 h", "2 d" for two working days; empty promises nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(limit=12, required=False, **kwargs)
        self.widget.attrs.update({"size": 7, "placeholder": "–", "autocomplete": "off", "class": "figure"})

    def clean(self, value: Any) -> Any:
        words = super().clean(value)
        if not words:
            return None
        found = TARGET.fullmatch(words.lower())
        if not found or int(found[1]) == 0:
            raise forms.ValidationError(_("Write it like 30 min, 4 h or 2 d."))
        return int(found[1]), UNITS[found[2]]


class PolicyForm(forms.Form):
    """Names, start and what holds for all severities."""

    code = LineField(
        label=gettext_lazy("Code"), limit=40, validators=[validate_slug],
        help_text=gettext_lazy("Plans name the policy by it. It never changes."),
    )  # fmt: skip
    name = LineField(label=gettext_lazy("Name"), limit=80)
    name_zh = LineField(label=gettext_lazy("Name in Chinese"), limit=80, required=False)
    begins_at = forms.DateTimeField(
        label=gettext_lazy("In force from"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("Empty: at once."),
    )  # fmt: skip
    after = forms.IntegerField(widget=forms.HiddenInput, required=False)
    pausing = forms.MultipleChoiceField(
        label=RULES["pausing"], choices=[(kind, CLOCK_NAMES[kind]) for kind in KINDS], required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    opening_starts_next_response = forms.BooleanField(label=RULES["opening_starts_next_response"], required=False)
    on_reopen = forms.ChoiceField(
        label=RULES["on_reopen"], choices=[("resume", CHOICES["resume"]), ("restart", CHOICES["restart"])]
    )
    on_change = forms.ChoiceField(
        label=RULES["on_change"], choices=[("recompute", CHOICES["recompute"]), ("restart", RESTARTED)]
    )
    closes_after_days = forms.IntegerField(label=RULES["closes_after_days"], min_value=1, max_value=365)
    reopens_within_days = forms.IntegerField(label=RULES["reopens_within_days"], min_value=1, max_value=730)
    reminds_after_days = forms.IntegerField(label=RULES["reminds_after_days"], min_value=1, max_value=90)
    ends_waiting_after_days = forms.IntegerField(label=RULES["ends_waiting_after_days"], min_value=1, max_value=90)

    def __init__(
        self, data: Any, *, policy: Policy | None, last: PolicyVersion | None, starts: Starts, at: datetime
    ) -> None:  # fmt: skip
        house = {name: getattr(PolicyVersion(), name) for name in RULES}
        initial: dict[str, Any] = {**house, "pausing": ["update", "resolution"], "after": last.number if last else 0}
        if policy:
            initial |= {"name": policy.name, "name_zh": policy.name_zh}
        super().__init__(data, initial=initial | (dict(starts[1]) if starts else {}))
        self.policy, self.at = policy, at
        if policy:
            del self.fields["code"]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if Policy.objects.filter(code=code).exists():
            raise forms.ValidationError(_("A policy of this code stands already. Open it to write its next version."))
        return code

    def clean_begins_at(self) -> datetime | None:
        begins: datetime | None = self.cleaned_data["begins_at"]
        if begins and begins < self.at:
            raise forms.ValidationError(_("This has passed. What was promised since then stays as it is."))
        return begins

    def clean(self) -> dict[str, Any]:
        words = super().clean() or self.cleaned_data
        closes, reopens = words.get("closes_after_days"), words.get("reopens_within_days")
        if closes and reopens and reopens < closes:
            self.add_error("reopens_within_days", _("Shorter than the days until it closes."))
        return words

    @property
    def policy_code(self) -> str:
        return self.policy.code if self.policy else str(self.cleaned_data["code"])

    @property
    def begins(self) -> datetime:
        return self.cleaned_data["begins_at"] or self.at

    @property
    def rules(self) -> Rules:
        return Rules(**{name: self.cleaned_data[name] for name in RULES})  # type: ignore[typeddict-item]


class TermForm(forms.Form):
    """What one severity is promised. All empty: the policy says nothing of it."""

    calendar = forms.ChoiceField(required=False, label=gettext_lazy("Hours"))
    first_response = TargetField(label=CLOCK_NAMES["first_response"])
    next_response = TargetField(label=CLOCK_NAMES["next_response"])
    update = TargetField(label=CLOCK_NAMES["update"])
    resolution = TargetField(label=CLOCK_NAMES["resolution"])
    acknowledge_minutes = forms.IntegerField(
        label=gettext_lazy("Acknowledge, min"), min_value=1, max_value=1440, initial=15
    )
    clause = LineField(label=gettext_lazy("Clause"), limit=40, required=False)

    def __init__(self, data: Any, *, severity: int, calendars: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, prefix=f"s{severity}", **kwargs)
        self.severity = severity
        self.fields["calendar"].choices = [("", _("says nothing")), *calendars]  # type: ignore[attr-defined]
        for name, field in self.fields.items():
            words = {"field": field.label, "severity": severity}
            field.widget.attrs["aria-label"] = _("S%(severity)d: %(field)s") % words
            field.widget.attrs["aria-describedby"] = f"s{severity}-{name}-why"

    def clean(self) -> dict[str, Any]:
        words = super().clean() or self.cleaned_data
        if not words.get("calendar") and any(words.get(kind) for kind in KINDS):
            self.add_error("calendar", _("Choose the hours in which these targets count."))
        return words

    def term(self, at: datetime) -> TermOffered | None:
        """As it would be published at `at`; None where it says nothing."""
        words = self.cleaned_data
        if not words["calendar"]:
            return None
        day = drafts.day_of(words["calendar"], at)
        targets: Any = {kind: _seconds(words[kind], day) for kind in KINDS}
        return TermOffered(
            severity=self.severity, calendar=words["calendar"], acknowledge_minutes=words["acknowledge_minutes"],
            clause=words["clause"], **targets,
        )  # fmt: skip


class TermForms:
    """The four rows. Iterates over their forms."""

    def __init__(self, data: Any, *, starts: Starts, like: Pattern | None, at: datetime) -> None:
        calendars = [(row.code, str(named(row))) for row in Calendar.objects.order_by("name", "pk")]
        initial = _of_pattern(like) if like else _of_terms(starts[0], at) if starts else {}
        self.terms: list[TermOffered] = []
        self.forms = [
            TermForm(data, severity=severity, calendars=calendars, initial=initial.get(severity))
            for severity in SEVERITIES
        ]

    def __iter__(self) -> Iterator[TermForm]:
        return iter(self.forms)

    @property
    def has_errors(self) -> bool:
        return any(form.errors for form in self.forms)

    def is_valid(self, at: datetime) -> bool:
        """Whether they can be published at `at`; reasons stand beside their fields, and `terms` are what is said."""
        for form in self.forms:
            form.full_clean()  # each, so that every reason is told at once
        if self.has_errors:
            return False
        for form in self.forms:
            term = form.term(at)
            if term:
                self.terms.append(term)
                for field, reason in drafts.objections(term, at):
                    form.add_error(field, reason)
        return not self.has_errors


def _of_terms(terms: list[TermOffered], at: datetime) -> dict[int, dict[str, Any]]:
    return {term["severity"]: _of_term(term, at) for term in terms}


def _of_term(term: TermOffered, at: datetime) -> dict[str, Any]:
    day = drafts.day_of(term["calendar"], at)
    said: Mapping[str, Any] = term
    targets: dict[str, Any] = {kind: _written(said[kind], day) for kind in KINDS if said.get(kind)}
    return {**said, **dict.fromkeys(KINDS), **targets}


def _seconds(target: tuple[int, units.Unit] | None, day: int) -> int | None:
    return units.seconds(target[0], target[1], day) if target else None


def _written(target: int, day: int) -> str:
    amount, unit = units.written(target, day)
    return f"{amount} {unit}"


def _of_pattern(like: Pattern) -> dict[int, dict[str, Any]]:
    """The numbers of a published plan; whose hours they count in is for the reader to choose."""
    return {
        term.severity: {kind: f"{amount} {unit}" for kind, (amount, unit) in term.targets.items()}
        for term in like.terms
    }
