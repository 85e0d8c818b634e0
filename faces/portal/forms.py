"""What comes in by the portal: the shape of each input, and no rule."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kit.forms import BlockField, FilesField, LineField
from tickets.disclosure import SEVERITIES, FilingChoices

LEVELS = [(level, name) for level, (name, _meaning) in SEVERITIES.items()]
SCORES = [(5, _("Very good")), (4, _("Good")), (3, _("Fair")), (2, _("Poor")), (1, _("Very poor"))]


class TicketForm(forms.Form):
    """A new ticket. References come in as they are; the verb finds what they name, or nothing.

    A form that is only read needs no choices, and no query; one that is shown is told them by `offer`.
    """

    source_key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    organization = forms.CharField(label=_("For which organization"), widget=forms.Select)
    category = forms.CharField(label=_("What is it about"), widget=forms.Select)
    asset = forms.CharField(label=_("Which cluster"), widget=forms.Select, required=False)
    department = forms.CharField(label=_("For which department"), widget=forms.HiddenInput, required=False)
    severity = forms.TypedChoiceField(
        label=_("How bad is it"), choices=LEVELS, coerce=int, widget=forms.RadioSelect, initial=3
    )
    entitlement = forms.CharField(label=_("Under which plan"), widget=forms.Select, required=False)
    subject = LineField(label=_("In one line"), limit=200)
    body = BlockField(label=_("What happened"), widget=forms.Textarea(attrs={"rows": 12}))
    files = FilesField(  # type: ignore[assignment]
        label=_("Files"), required=False, help_text=_("Logs and screenshots, 10 MB each.")
    )

    def offer(self, choices: FilingChoices) -> None:
        """Fill the selects."""
        names = {one.reference: one.name for one in choices.organizations}
        is_one = len(names) == 1
        if is_one:
            self.fields["organization"].widget = forms.HiddenInput()
        else:
            self._choose("organization", list(names.items()))
        self._choose("category", [(one.slug, one.name) for one in choices.categories])
        assets = [(one.reference, one.organization, f"{one.name} ({one.words})") for one in choices.assets]
        self._choose("asset", [("", _("None in particular")), *_grouped(assets, names, is_flat=is_one)])
        plans = [(one.reference, one.organization, one.name) for one in choices.plans]
        rooms = [(one.reference, one.organization, one.name) for one in choices.departments]
        if rooms:
            self.fields["department"].widget = forms.Select()
            self._choose("department", _grouped(rooms, names, is_flat=is_one))
        community = ("", _("Without a plan, without a promise"))
        self._choose("entitlement", [*_grouped(plans, names, is_flat=is_one), community])

    def _choose(self, name: str, options: list[Any]) -> None:
        self.fields[name].widget.choices = options  # type: ignore[attr-defined]


def _grouped(rows: list[tuple[str, str, str]], names: dict[str, str], *, is_flat: bool) -> list[Any]:
    """(value, organization, words) as options, under their organization where there are several."""
    if is_flat:
        return [(value, words) for value, _of, words in rows]
    return [(name, [(v, w) for v, of, w in rows if of == key]) for key, name in names.items()]


class WordsForm(forms.Form):
    """An answer of the customer: words, files, or both."""

    body = BlockField(required=False)
    files = FilesField(required=False)  # type: ignore[assignment]


class RaiseForm(forms.Form):
    """A higher severity, and why."""

    severity = forms.TypedChoiceField(
        label=_("How bad is it now"), choices=LEVELS, coerce=int, widget=forms.RadioSelect
    )
    reason = LineField(
        label=_("What has changed"), limit=500, help_text=_("The desk reads it before anything else of this ticket.")
    )

    def __init__(self, *args: Any, levels: tuple[int, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if levels:
            self.fields["severity"].choices = [pair for pair in LEVELS if pair[0] in levels]  # type: ignore[attr-defined]


class RatingForm(forms.Form):
    """How the answer was."""

    score = forms.TypedChoiceField(label=_("How was our answer"), choices=SCORES, coerce=int, widget=forms.RadioSelect)
    comment = BlockField(label=_("In your words"), required=False, limit=2000, widget=forms.Textarea(attrs={"rows": 3}))
