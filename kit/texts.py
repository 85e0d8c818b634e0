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
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""What no database takes."""
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_FLOOD = re.compile(f"({_MARK}{{8}}){_MARK}+")
"""More marks upon one letter than any script needs: they climb over the lines above."""
_SPACES = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n{4,}")


def clean_line(text: str, limit: int | None = None) -> str:
    """One visible line: breaks become spaces, runs of spaces one. Cut at `limit` characters where given."""
    line = _SPACES.sub(" ", _HIDDEN.sub("", _BREAKS.sub(" ", text)))
    return _cut(_normal(line.strip()), limit)


def clean_block(text: str, limit: int | None = None) -> str:
    """Lines as they were typed, ended by \\n, indentation kept; without spaces at their ends and empty lines around."""
    lines = _HIDDEN.sub("", _BREAKS.sub("\n", text)).split("\n")
    block = _EMPTY_LINES.sub("\n\n\n", "\n".join(line.rstrip() for line in lines)).strip("\n")
    return _cut(_normal(block), limit)


def storable(text: str) -> str:
    """The text without what no database takes; nothing that anybody could have meant is lost."""
    return _UNSTORABLE.sub("", text)


def _normal(text: str) -> str:
    return _FLOOD.sub(r"\1", unicodedata.normalize("NFC", text))


def _cut(text: str, limit: int | None) -> str:
    return text if limit is None else text[:limit].rstrip()
