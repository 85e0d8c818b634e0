"""Fields through which words and files of people come in. They clean as `kit.texts` says, then measure."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from kit.stash import Again, Kept
from kit.texts import clean_block, clean_line

BLOCK_LIMIT = 20_000
FILES_AT_ONCE = 10


class LineField(forms.CharField):
    """One line of text."""

    def __init__(self, *, limit: int = 200, **kwargs: Any) -> None:
        super().__init__(max_length=limit, strip=True, **kwargs)

    def to_python(self, value: Any) -> str:
        """Hidden characters are taken out before the length is measured and before "required" is asked."""
        return clean_line(str(value)) if value not in self.empty_values else ""


class BlockField(forms.CharField):
    """Several lines of text, indentation kept."""

    widget = forms.Textarea

    def __init__(self, *, limit: int = BLOCK_LIMIT, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)
        self.validators.append(MaxLengthValidator(limit))

    def to_python(self, value: Any) -> str:
        return clean_block(str(value)) if value not in self.empty_values else ""


class FilesInput(forms.ClearableFileInput):
    """A file control that takes several at once, above it those that `kit.stash` has kept from the attempt before."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/files.html"
    kept: tuple[Kept, ...] = ()

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "kept": self.kept}

    def use_required_attribute(self, initial: Any) -> bool:
        return super().use_required_attribute(initial) and not self.kept


class FilesField(forms.FileField):
    """Several uploads as a list, each within UPLOAD_LIMIT. Nothing is stored here; `kit.stash` keeps them on errors."""

    widget = FilesInput
    default_error_messages = {
        "too_many": _("At most %(count)d files at once."),
        "too_large": _("%(name)s is larger than %(size)d MB."),
        "nothing": _("%(name)s is empty."),
        "gone": _("%(name)s was kept for some hours and is gone. Attach it again."),
    }

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:  # type: ignore[override]
        uploads = [one for one in (data if isinstance(data, list | tuple) else [data]) if one is not None]
        if not uploads and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(uploads) > FILES_AT_ONCE:
            raise forms.ValidationError(
                self.error_messages["too_many"], code="too_many", params={"count": FILES_AT_ONCE}
            )
        for upload in uploads:
            self._measure(upload)
        return uploads

    def _measure(self, upload: UploadedFile) -> None:
        params = {"name": clean_line(upload.name or "", 80), "size": settings.UPLOAD_LIMIT // (1024 * 1024)}
        if isinstance(upload, Again) and upload.is_gone:
            raise forms.ValidationError(self.error_messages["gone"], code="gone", params=params)
        if not upload.size:
            raise forms.ValidationError(self.error_messages["nothing"], code="nothing", params=params)
        if upload.size > settings.UPLOAD_LIMIT:
            raise forms.ValidationError(self.error_messages["too_large"], code="too_large", params=params)
