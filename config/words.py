"""The words of the house: found in the sources, kept in `locale/`, compiled for Django. Babel does all of it."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

APART = {"tests", "bench", "locale", "static", "staticfiles", "migrations", "node_modules"}
"""Folders without words for people."""
LAZY = {f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext", "npgettext")}
KEYWORDS = {**DEFAULT_KEYWORDS, **LAZY, "gettext_noop": None}
TEMPLATES = {".html", ".txt"}
WIDTH = 118
HEADER = """\
# The words of Gatehouse. `make words` finds new ones and drops those no longer said; what is translated stays.
msgid ""
msgstr ""
"Project-Id-Version: Gatehouse\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""
"""No dates, people or places: the file changes only when the words do."""


def catalogues() -> list[Path]:
    """One `.po` per language; to begin a language, make its folder and an empty file."""
    return sorted(settings.BASE_DIR.glob("locale/*/LC_MESSAGES/*.po"))


def said() -> Catalog:
    """Every message of our sources, untranslated."""
    found = Catalog()
    for source in sources():
        text = source.read_text()
        code = text if source.suffix == ".py" else as_python(text)
        for _line, words, _comments, context in extract("python", io.BytesIO(code.encode()), KEYWORDS):
            found.add(words, context=context)
    return found


def sources() -> Iterator[Path]:
    """Python and templates of our own, in a stable order."""
    for folder, names, files in os.walk(settings.BASE_DIR):
        names[:] = sorted(name for name in names if name not in APART and not name.startswith("."))
        here = Path(folder)
        kinds = {".py", *TEMPLATES} if "templates" in here.relative_to(settings.BASE_DIR).parts else {".py"}
        yield from (here / name for name in sorted(files) if Path(name).suffix in kinds)


def as_python(template: str) -> str:
    """Django's reading of a template; each message is a call on one line. Indentation would trip the tokenizer."""
    return "\n".join(line.strip() for line in templatize(template).splitlines())


def rewrite() -> dict[Path, int]:
    """Each catalogue anew: every message said, its translation kept. Returns how many wait for one."""
    found = said()
    waiting = {}
    for path in catalogues():
        kept = opened(path)
        kept.update(found, no_fuzzy_matching=True)
        kept.obsolete.clear()
        path.write_text(written(kept))
        waiting[path] = sum(not any(as_tuple(message.string)) for message in kept if message.id)
    return waiting


def opened(path: Path) -> Catalog:
    """A catalogue with the language of its folder."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def written(catalogue: Catalog) -> str:
    """The text of a catalogue, sorted, without places in the sources."""
    body = io.BytesIO()
    write_po(body, catalogue, width=WIDTH, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    head = HEADER.format(language=catalogue.locale_identifier, plural=catalogue.plural_forms)
    return head + body.getvalue().decode().strip() + "\n"


def as_tuple(words: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """A message's words; several where it has a plural."""
    return (words,) if isinstance(words, str) else tuple(words or ())


def compile_messages() -> None:
    """Compile every catalogue that is newer than its compiled form; git keeps only the sources."""
    for source in catalogues():
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            draft = target.with_suffix(f".{os.getpid()}")
            with source.open("rb") as catalogue, draft.open("wb") as compiled:
                write_mo(compiled, read_po(catalogue))
            draft.rename(target)
