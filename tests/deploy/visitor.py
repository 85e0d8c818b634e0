"""Somebody at a browser without a screen, behind the house's proxy: cookies, redirects, and forms as they stand."""

import http.client
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

HOST = "support.example.com"
SITE = f"https://{HOST}"
EDGE = "edge-of-a-part"
UNSAID = ("submit", "button", "file", "checkbox", "radio")
"""Inputs that send nothing as they stand."""


@dataclass
class Form:
    """A form with what it would send as it stands."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    """Of everything that could be filled in, what sends nothing as it stands included."""


class Forms(HTMLParser):
    """The forms of a page, those pieces included that stand elsewhere and name their form."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._by_id: dict[str, Form] = {}
        self._later: list[tuple[str, str, str]] = []
        self._open: Form | None = None
        self._text = self._select = ""
        self.feed(page)
        for which, name, value in self._later:
            if which in self._by_id:
                self._by_id[which].fields.setdefault(name, value)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, kind = given.get("name", ""), given.get("type", "text")
        if self._open and name:
            self._open.names.add(name)
        if tag == "form":
            self._open = Form(given.get("action", ""))
            self.found.append(self._open)
            self._by_id[given.get("id", "")] = self._open
        elif tag == "textarea":
            self._text = name
            self._keep(given, name, "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or not self._has(self._select)):
            self._keep(given, self._select, given.get("value", ""), again=True)
        elif tag == "input" and name and (kind not in UNSAID or "checked" in given):
            self._keep(given, name, given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._text and self._open:
            self._open.fields[self._text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "textarea":
            self._text = ""
        elif tag == "select":
            self._select = ""

    def _has(self, name: str) -> bool:
        return self._open is not None and name in self._open.fields

    def _keep(self, given: dict[str, str], name: str, value: str, again: bool = False) -> None:
        if "form" in given:
            self._later.append((given["form"], name, value))
        elif self._open and name:
            self._open.fields[name] = value if again else self._open.fields.get(name, value)


class Visitor:
    """One person. `page` and `address` are what they see now."""

    def __init__(self, port: int, ip: str = "203.0.113.7") -> None:
        self.port, self.ip = port, ip
        self.cookies: dict[str, str] = {}
        self.page = self.address = ""
        self.status = 0
        self.headers: list[tuple[str, str]] = []

    def asks(self, address: str, fields: dict[str, str] | None = None, attached: str = "") -> int:
        """One request and, while the answer leads on, the next. The status of the last answer.

        `attached` are the words of a text file that goes with the fields, as `files`.
        """
        for _turn in range(8):
            where = self._asks_once(urljoin(SITE + self.address, address), fields, attached)
            if not where:
                return self.status
            address, fields = where, None
        raise AssertionError(f"led in a circle, at last to {self.address}")

    def goes(self, address: str) -> "Visitor":
        """To a page that is there."""
        assert self.asks(address) == 200, f"{address}: {self.status} at {self.address}"
        return self

    def sends(self, action: str, attached: str = "", **fields: str) -> "Visitor":
        """The form of this page with `action` in its address and these fields, changed to these values."""
        form = next((one for one in Forms(self.page).found if _is_meant(one, action, fields)), None)
        assert form, (
            f"no form to {action!r} at {self.address}: {[(one.action, one.names) for one in Forms(self.page).found]}"
        )
        before = self.address
        status = self.asks(form.action or before, {**form.fields, **fields}, attached)
        assert status == 200, f"{before} {action}: {status}\n{words(self.page)}"
        return self

    def header(self, name: str) -> str:
        return ", ".join(value for known, value in self.headers if known.lower() == name.lower())

    def _asks_once(self, url: str, fields: dict[str, str] | None, attached: str) -> str:
        parts = urlsplit(url)
        assert parts.netloc == HOST, f"led away to {url}"
        self.address = parts.path + (f"?{parts.query}" if parts.query else "")
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {
            "Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": self.ip, "Accept-Language": "en",
            "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
        }  # fmt: skip
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if fields is not None:
            kind, body = multipart(fields, attached)
            headers |= {"Content-Type": kind, "Origin": SITE}
        line.request("GET" if body is None else "POST", self.address, body, headers)
        answer = line.getresponse()
        self.page, self.status, self.headers = (
            answer.read().decode(errors="replace"),
            answer.status,
            answer.getheaders(),
        )
        line.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value.strip('"') if name != "messages" else value
            if "max-age=0" in cookie.lower():
                del self.cookies[name]
        return answer.getheader("Location") or ""


def multipart(fields: dict[str, str], attached: str) -> tuple[str, bytes]:
    """The type and the bytes of a form, as a browser sends it: in parts only when there is a file."""
    if not attached:
        return "application/x-www-form-urlencoded", urlencode(fields).encode()
    head = 'Content-Disposition: form-data; name="{}"'
    parts = [f"{head.format(name)}\r\n\r\n{value}" for name, value in fields.items()]
    parts.append(f'{head.format("files")}; filename="kubelet.log"\r\nContent-Type: text/plain\r\n\r\n{attached}')
    body = "".join(f"--{EDGE}\r\n{part}\r\n" for part in parts) + f"--{EDGE}--\r\n"
    return f"multipart/form-data; boundary={EDGE}", body.encode()


def _is_meant(form: Form, action: str, fields: dict[str, str]) -> bool:
    """By a piece of its address and by what can be filled in; an empty address means this page."""
    path = form.action.split("?")[0]
    return (action in path if action else not path) and fields.keys() <= form.names


def words(page: str) -> str:
    """What a page says, without its marks."""
    main = re.search(r"<main.*?</main>", page, re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main.group() if main else page))[:1500]
