"""What R&D types into the workshop."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kit.forms import BlockField, LineField
from rnd.board import View, topics


def _key(letter: str) -> dict[str, str]:
    """The single key that goes to a field."""
    return {"data-key": letter, "aria-keyshortcuts": letter}


class FilterForm(forms.Form):
    """Which part of the inbox; what is unknown falls back to everything of the reader's groups."""

    view = forms.ChoiceField(choices=[(view.value, view.value) for view in View], required=False)
    topic = forms.SlugField(max_length=40, required=False)
    q = LineField(limit=100, required=False)

    def chosen(self) -> dict[str, Any]:
        """Arguments of `rnd.board.inbox`."""
        self.is_valid()
        data = self.cleaned_data
        return {
            "view": View(data.get("view") or View.GROUP),
            "topic": data.get("topic") or "",
            "words": data.get("q") or "",
        }


class RemarkForm(forms.Form):
    """A word within R&D."""

    body = BlockField(label=_("Remark"), widget=forms.Textarea(attrs={"rows": 4, "id": "remark-body", **_key("n")}))


class FindingForm(forms.Form):
    """The answer to the desk."""

    body = BlockField(
        label=_("What you found"),
        help_text=_("Cause and proof, as you would tell a colleague of the desk."),
        widget=forms.Textarea(attrs={"rows": 5, **_key("f")}),
    )
    workaround = BlockField(
        label=_("Workaround"),
        help_text=_("Steps that the desk may pass on to the customer word for word."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    fixed_in = LineField(label=_("Fixed in"), help_text=_("A version, such as v4.1.3."), limit=60, required=False)


class GroupForm(forms.Form):
    """The group that should look at it instead."""

    topic = forms.ChoiceField(label=_("Group"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = topics()  # type: ignore[attr-defined]
