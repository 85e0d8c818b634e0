"""The one boundary through which words of people come in: what no reader could see, no word may hide.

Taken out: NUL, lone surrogates, control characters, and the marks that reorder or hide text (bidi, zero width). Two
joiners stay, since Persian and emoji are spelled with them.
"""

import re
import unicodedata

_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
"""Everything at which str.splitlines() would cut, so that one line stays one line everywhere."""
_HIDDEN = re.compile(
    "[\ud800-\udfff\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\u061c\u180e\U000e0000-\U000e007f]"
)
_SPACES = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n{4,}")


def clean_line(text: str, limit: int | None = None) -> str:
    """One visible line: breaks become spaces, runs of spaces one. Cut at `limit` characters where given."""
    line = _SPACES.sub(" ", _HIDDEN.sub("", _BREAKS.sub(" ", text)))
    return _cut(unicodedata.normalize("NFC", line.strip()), limit)


def clean_block(text: str, limit: int | None = None) -> str:
    """Lines as they were typed, ended by \\n, indentation kept; without spaces at their ends and empty lines around."""
    lines = _HIDDEN.sub("", _BREAKS.sub("\n", text)).split("\n")
    block = _EMPTY_LINES.sub("\n\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")
    return _cut(unicodedata.normalize("NFC", block), limit)


def _cut(text: str, limit: int | None) -> str:
    return text if limit is None else text[:limit].rstrip()
