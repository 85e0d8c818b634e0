"""Papers: a projection goes in as JSON, typst sets it, the same bytes come out everywhere.

What people wrote is data and never source: markup in it stays text. The compiler sees the folder of the templates and
the fonts of the packaged set, no file, font or package besides.
"""

import json
import re
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import typst
from django.conf import settings
from django.http import HttpResponse

try:
    import pylopdf_fonts_zh_cn
except ImportError:  # without it Chinese falls back to boxes; a paper is still a paper
    pylopdf_fonts_zh_cn = None  # type: ignore[assignment]

STANDARD = "ua-1"
"""Tagged and readable aloud. A paper with characters that no font here draws cannot claim it, and is made without."""
LONGEST = 2_000
"""Characters of one text: no paper has longer ones, and setting one must not take for ever."""
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]"
)
_ONE_AT_A_TIME = threading.Lock()


def render(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF of `templates/documents/<template>.typ` with `data`, dated `at`. Equal arguments give equal bytes."""
    told = {"data": json.dumps(_clean(data), ensure_ascii=False, sort_keys=True)}
    source = str(settings.BASE_DIR / "templates" / "documents" / f"{template}.typ")
    moment = int(at.timestamp())
    with _ONE_AT_A_TIME:
        try:
            return bytes(_compiler().compile(source, sys_inputs=told, timestamp=moment, pdf_standards=[STANDARD]))
        except typst.TypstError:
            return bytes(_compiler().compile(source, sys_inputs=told, timestamp=moment))


def answer(content: bytes, name: str) -> HttpResponse:
    """A paper as a download under a neutral name, kept by no cache."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


@cache
def _compiler() -> Any:
    fonts = [pylopdf_fonts_zh_cn.sans_path().parent] if pylopdf_fonts_zh_cn else []
    return typst.Compiler(
        root=str(settings.BASE_DIR / "templates" / "documents"), font_paths=[str(one) for one in fonts],
        ignore_system_fonts=True,
    )  # fmt: skip


def _clean(value: Any) -> Any:
    """Texts without what no reader could see, and bounded; everything else as JSON carries it."""
    if isinstance(value, Mapping):
        return {str(key): _clean(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(part) for part in value]
    return _UNSEEN.sub("", value)[:LONGEST] if isinstance(value, str) else value
