"""A page as a person without scripts has it: its links, its forms, what stands in the fields and is said beside."""

from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any

VOID = {"input", "img", "br", "hr", "meta", "link", "path", "circle", "rect", "line", "use", "source"}
TEXT = {"text", "search", "textarea", "email", "url", "tel", "password"}


@dataclass
class Control:
    """One field of a form: `values` can be chosen, `value` is chosen or typed now; None = nothing is."""

    name: str
    kind: str
    value: str | None = None
    values: tuple[str, ...] = ()
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass
class Form:
    """A form that posts, as it stands on `page`."""

    page: str
    action: str
    controls: list[Control] = field(default_factory=list)
    who: str = ""
    is_part: bool = False
    """Sent by script to fill a part of the page while the form is still being written."""

    @property
    def is_multipart(self) -> bool:
        return any(control.kind == "file" for control in self.controls)

    def names(self, *kinds: str) -> list[str]:
        return list(dict.fromkeys(control.name for control in self.controls if control.kind in kinds))

    def filled(self, words: str) -> dict[str, Any]:
        """What a person would send: everything chosen, `words` in each empty field for words."""
        data: dict[str, Any] = {}
        for control in self.controls:
            if control.kind in TEXT:
                data[control.name] = control.value or _fitting(control, words)
            elif control.kind in ("radio", "checkbox"):
                if control.value is not None or control.name not in data:
                    data[control.name] = control.values[0]
            elif control.kind == "select":
                data[control.name] = control.value or next(iter(control.values), "")
            elif control.kind not in ("file", "button"):
                data[control.name] = control.value or ""
        return data | self._pressed()

    def _pressed(self) -> dict[str, str]:
        """The button that a person would press: the chief one, else the first."""
        buttons = [one for one in self.controls if one.kind == "button"]
        chief = [one for one in buttons if "button-primary" in one.attributes.get("class", "")]
        return {one.name: one.value or "" for one in (chief or buttons)[:1]}


def _fitting(control: Control, words: str) -> str:
    return {"email": "somebody@example.com", "url": "https://example.com/"}.get(control.kind, words)


class Page(HTMLParser):
    """Reads one page. `texts` are what stands in elements that have an id."""

    def __init__(self, address: str, html: str) -> None:
        super().__init__()
        self.address, self.forms, self.links = address, list[Form](), list[str]()
        self.texts: dict[str, str] = {}
        self.loose: list[tuple[str, Control]] = []
        self._by_id: dict[str, Form] = {}
        self._form: Form | None = None
        self._textarea: Control | None = None
        self._select: Control | None = None
        self._open: list[tuple[str, str]] = []
        self.feed(html)
        for form_id, control in self.loose:
            if form_id in self._by_id:
                self._by_id[form_id].controls.append(control)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        one = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self._open.append((tag, one.get("id", "")))
        if "id" in one:
            self.texts.setdefault(one["id"], "")
        self.links += [one[name] for name in ("href", "hx-get") if name in one and tag != "link"]
        if tag == "form" and one.get("method", "").lower() == "post":
            self._form = Form(self.address, one.get("action", "") or self.address)
            self._by_id[one.get("id", "")] = self._form
            self.forms.append(self._form)
        elif tag == "form":
            self._form = Form(self.address, one.get("action", ""))
        if one.get("hx-post") and tag != "form":
            self.forms.append(replace(self._form or Form(self.address, ""), action=one["hx-post"], is_part=True))
        if tag in ("input", "textarea", "select", "button"):
            self._control(tag, one)
        elif tag == "option" and self._select is not None:
            self._select.values += (one.get("value", ""),)
            if "selected" in one:
                self._select.value = one.get("value", "")

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def _control(self, tag: str, one: dict[str, str]) -> None:
        kind = one.get("type", "text") if tag == "input" else tag
        kind = "button" if kind in ("submit", "button", "reset") else kind
        control = Control(one.get("name", ""), kind, attributes=one)
        if kind in ("radio", "checkbox"):
            control.values = (one.get("value", "on"),)
            control.value = control.values[0] if "checked" in one else None
        elif kind == "button" or tag == "input":
            control.value = one.get("value", "")
        elif tag == "textarea":
            control.value, self._textarea = "", control
        else:
            self._select = control
        if not control.name or "disabled" in one:
            return
        if "form" in one:
            self.loose.append((one["form"], control))
        elif self._form is not None:
            self._form.controls.append(control)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            if self._textarea is not None and self._textarea.value:
                self._textarea.value = self._textarea.value.removeprefix("\n")
            self._textarea = None
        elif tag == "select":
            self._select = None
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._textarea.value = (self._textarea.value or "") + data
        for _tag, key in self._open:
            if key:
                self.texts[key] += data

    def form_with(self, name: str) -> Form | None:
        """The first form of this page that has such a field."""
        return next((one for one in self.forms if any(control.name == name for control in one.controls)), None)

    def shows(self, value: str) -> bool:
        """Whether `value` stands in some field, or is chosen in one."""
        return any(_same(control.value, value) for one in self.forms for control in one.controls)

    def said_beside(self, name: str) -> str:
        """The words to which the invalid fields of this name point for a screen reader; "" when none is marked."""
        marked = [
            control for one in self.forms for control in one.controls
            if control.name == name and control.attributes.get("aria-invalid") == "true"
        ]  # fmt: skip
        ids = [key for control in marked for key in control.attributes.get("aria-describedby", "").split()]
        return " ".join(self.texts.get(key, "").strip() for key in ids).strip()


def _same(found: str | None, value: str) -> bool:
    return found is not None and found.replace("\r\n", "\n").strip() == value.replace("\r\n", "\n").strip()
