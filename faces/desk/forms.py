"""Shapes of input at the desk."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from desk.board import FACETS, VIEWS
from kit.forms import BlockField, FilesField, LineField
from tickets.models import Clock, Fact

SEVERITIES = [(1, "S1"), (2, "S2"), (3, "S3"), (4, "S4")]
INTENTS = [("reply", _("Answer")), ("ask", _("Ask")), ("solve", _("Solve"))]


class QueueForm(forms.Form):
    """What the queue is narrowed to; whatever is not known is as if it were not there."""

    view = LineField(required=False, limit=40)
    q = LineField(required=False, limit=200)
    after = LineField(required=False, limit=200)

    def view_chosen(self) -> str:
        view = self.data.get("view", "")
        return view if view in VIEWS else "all"

    def chosen(self) -> dict[str, list[str]]:
        """The values of each facet that can exist."""
        known = {"severity": {"1", "2", "3", "4"}, "promise": set(Clock.Kind.values)}
        found = {name: self._values(name) for name in FACETS}
        return {name: [v for v in values if name not in known or v in known[name]] for name, values in found.items()}

    def _values(self, name: str) -> Sequence[str]:
        values = self.data.getlist(name) if hasattr(self.data, "getlist") else self.data.get(name, [])
        return [value[:40] for value in values]


class ReasonForm(forms.Form):
    """Why something is given back."""

    reason = LineField(label=_("Why"), limit=200, help_text=_("Colleagues read it; the customer does not."))


class ReplyForm(forms.Form):
    """Words for the customer, and what they are meant to do."""

    body = BlockField(label=_("Words"), limit=20_000)
    intent = forms.ChoiceField(choices=INTENTS, initial="reply")
    digest = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    files = FilesField(  # type: ignore[assignment]  # as Django names the uploads of every form
        label=_("Files"), required=False, help_text=_("Their traces are taken out; names become neutral.")
    )


class NoteForm(forms.Form):
    """Words for colleagues."""

    body = BlockField(label=_("Note"), limit=20_000)


class AsideForm(forms.Form):
    """Why the customer's last word asks for nothing; the customer reads it."""

    reason = forms.ChoiceField(label=_("The customer's last word asks for nothing"), choices=Fact.Aside.choices)


class SeverityForm(forms.Form):
    """The severity that the desk confirms. The reason is read by the customer, the words are not."""

    severity = forms.TypedChoiceField(label=_("Severity"), choices=SEVERITIES, coerce=int)
    reason = forms.ChoiceField(label=_("Why, for the customer"), choices=Fact.Judgement.choices)
    words = BlockField(label=_("More, for colleagues"), required=False, limit=1000)


class HelpForm(forms.Form):
    """What R&D is asked. It sees these words and nothing else of the ticket."""

    title = LineField(label=_("Title"), limit=160)
    symptom = BlockField(label=_("What is seen"), limit=20_000)
    environment = BlockField(label=_("Where: versions, size, network"), required=False, limit=20_000)
    tried = BlockField(label=_("What was tried"), limit=20_000)
    question = BlockField(label=_("What is asked"), limit=20_000)
