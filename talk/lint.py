"""What must not be said outside: staff names, the house's own places and keys, secrets, hidden characters, R&D's words.

Pure: the caller says what the house's names, hosts and trackers are, and what the customer already knows. Words of
R&D are compared by digests of 40-character pieces, so that nothing below R&D holds its text (DESIGN 9.3).
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

PIECE = 40
"""Characters of a piece, after folding. R&D's sentence copied in one breath is found; a shared phrase is not."""

Kind = Literal["name", "host", "tracker", "commit", "address", "secret", "hidden", "overlap", "path"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Characters start to end of the text, and why they must not leave."""

    kind: Kind
    excerpt: str
    start: int
    end: int


_SECRETS = (
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+",
    r"\bgh[pousr]_[A-Za-z0-9]{30,}\b",
    r"\bxox[abprs]-[\w-]{10,}",
    r"\bsk_(?:live|test)_\w{10,}",
    r"(?i:client-key-data|client-certificate-data)\s*:\s*[\w+/=]{16,}",
    r"(?i:\b(?:password|passwd|secret|token|api[_-]?key)\b|密码|口令)[\"']?\s*[:=：]\s*[\"']?(?![<$*{\[])[^\s\"'<>，。]{6,}",
)
_SECRET = re.compile("|".join(f"(?:{pattern})" for pattern in _SECRETS))
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
_COMMIT = re.compile(r"(?<![\w./:@-])(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{7,40}(?![\w.:-])")
_KEY = re.compile(r"(?<![\w-])[A-Z]{2,6}-\d{1,6}(?![\w-])")
_INSIDE_REFERENCE = re.compile(r"(?<![\w-])[HV]-[346789BCDFGHJKMNPQRTVWXY]{6}(?![\w-])")
_PRIVATE = re.compile(
    r"(?<![\d.])(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2})(?![\d.])"
)
_INTERNAL_HOST = re.compile(r"(?i)\b(?:[a-z0-9-]+\.)+(?:internal|intra|intranet|corp|lan|local)\b(?!\.)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PATH = re.compile(r"(?<![\w/])/(?:home|Users)/[\w.-]+(?:/[\w.-]+)*")

COMMON = frozenset({
    "10.233.0.1", "10.233.0.3", "10.96.0.1", "10.96.0.10", "10.244.0.0", "10.233.64.0", "10.233.0.0", "10.96.0.0",
    "169.254.25.10", "192.168.0.0", "10.0.0.0", "172.16.0.0", "cluster.local",
})  # fmt: skip
"""Defaults of Kubernetes and its installers, which are everybody's."""
_COMMON_KEY = re.compile(
    r"(?:CVE|CWE|UTF|ISO|RFC|SHA|AES|RSA|MD|TLS|SSL|HTTP|ARM|X|GB|KB|MB|IPV|KEP|GMT|UTC|EC|ED|S|P|JDK|IEEE|USB|ASCII|GBK)-\d+"
)


def find(
    text: str, *, names: Collection[str] = (), hosts: Collection[str] = (), trackers: Collection[str] = (),
    allowed: str = "", prints: Collection[str] = frozenset(),
) -> tuple[Finding, ...]:  # fmt: skip
    """All findings in order of their place.

    `names` are people of the house, `hosts` its domains, `trackers` its key prefixes such as "KSE": these, its inside
    references and `prints` (R&D's words) are findings whatever else is known, unless R&D itself only quoted the
    customer. The rest is none if it stands in `allowed`: what the customer wrote, what stands on the asset, what the
    house has published.
    """
    known = allowed.casefold()
    copied = _overlaps(text, frozenset(prints) - prints_of(allowed) if prints else prints)
    always = [*_names(text, names, known), *_hosts(text, hosts), *_trackers(text, trackers), *copied]
    found = always + [
        finding
        for finding in _by_pattern(text)
        if finding.kind in ("secret", "hidden") or finding.excerpt.casefold() not in known
    ]
    return tuple(_apart(sorted(found, key=lambda one: (one.start, -one.end))))


def prints_of(text: str) -> frozenset[str]:
    """Digests of every piece of PIECE characters, folded: case, width, spaces and punctuation make no difference."""
    folded, _ = _folded(text)
    return frozenset(_digest(folded[i : i + PIECE]) for i in range(len(folded) - PIECE + 1))


def _by_pattern(text: str) -> Iterator[Finding]:
    for kind, pattern in (
        ("secret", _SECRET), ("hidden", _HIDDEN), ("commit", _COMMIT), ("tracker", _KEY), ("host", _INTERNAL_HOST),
        ("address", _PRIVATE), ("address", _MAIL), ("path", _PATH),
    ):  # fmt: skip
        for match in pattern.finditer(text):
            if not _is_common(kind, match.group()):
                yield Finding(kind, match.group(), *match.span())  # type: ignore[arg-type]


def _is_common(kind: str, excerpt: str) -> bool:
    if kind == "tracker":
        return bool(_COMMON_KEY.fullmatch(excerpt))
    if kind == "host":
        return excerpt.lower().endswith("cluster.local")
    return excerpt in COMMON


def _names(text: str, names: Collection[str], known: str) -> Iterator[Finding]:
    """Whole names always; a single given or family name unless it is one of the customer's people too."""
    for name in names:
        wanted = [name, *(part for part in name.split() if len(part) > 2 and part.casefold() not in known)]
        for part in wanted:
            edge = r"(?<![A-Za-z])", r"(?![A-Za-z])"
            exact = "" if part in name.split() and part != name else "(?i)"
            for match in re.finditer(f"{exact}{edge[0]}{re.escape(part)}{edge[1]}", text):
                yield Finding("name", match.group(), *match.span())


def _hosts(text: str, hosts: Collection[str]) -> Iterator[Finding]:
    for host in hosts:
        for match in re.finditer(rf"(?i)[\w.@-]*(?<![\w-]){re.escape(host.lstrip('.'))}(?![\w-])", text):
            yield Finding("host", match.group(), *match.span())


def _trackers(text: str, trackers: Collection[str]) -> Iterator[Finding]:
    for prefix in trackers:
        for match in re.finditer(rf"(?i)(?<![\w-]){re.escape(prefix)}-\d+", text):
            yield Finding("tracker", match.group(), *match.span())
    for match in _INSIDE_REFERENCE.finditer(text):
        yield Finding("tracker", match.group(), *match.span())


def _overlaps(text: str, prints: Collection[str]) -> Iterator[Finding]:
    """Runs of pieces that R&D wrote, each run one finding from its first to its last character."""
    if not prints:
        return
    folded, places = _folded(text)
    hits = [i for i in range(len(folded) - PIECE + 1) if _digest(folded[i : i + PIECE]) in prints]
    for _, run in groupby(enumerate(hits), key=lambda pair: pair[1] - pair[0]):
        starts = [hit for _, hit in run]
        start, end = places[starts[0]], places[starts[-1] + PIECE - 1] + 1
        yield Finding("overlap", text[start:end], start, end)


def _folded(text: str) -> tuple[str, list[int]]:
    """Letters and digits alone, in lower case and one width, each with its place in the text."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in unicodedata.normalize("NFKC", character).casefold():
            if letter.isalnum():
                letters.append(letter)
                places.append(place)
    return "".join(letters), places


def _digest(piece: str) -> str:
    return hashlib.blake2b(piece.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _apart(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Leave out what lies within an earlier finding."""
    end = -1
    for finding in findings:
        if finding.end > end:
            end = finding.end
            yield finding
