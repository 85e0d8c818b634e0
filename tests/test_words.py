"""The house speaks Chinese: every word that people read is in the catalogue, translated, and set as Chinese is set."""

import re

import pytest
from django.conf import settings

from config import words
from demo import promises
from tests import make

HAN = "[㐀-鿿]"
HOLES = re.compile(r"%\((\w+)\)|(?<!\{)\{(\w*)\}|%([sd])")
TAGS = re.compile(r"</?\w+")
LATIN_MARKS = re.compile(f"{HAN}[,.;:!?()]|[,;:!?(]{HAN}")
TYPED_SPACES = re.compile(rf"[㐀-鿿，。：；、（）「」] +[%\w]|[\w)] +{HAN}", re.ASCII)
PUBLIC = ["/", "/plans/", "/accounts/login/"]


@pytest.fixture(scope="module", params=words.catalogues(), ids=lambda path: path.parts[-3])
def catalogue(request):
    return words.opened(request.param)


@pytest.fixture(scope="module")
def chinese():
    return words.opened(settings.BASE_DIR / "locale/zh_Hans/LC_MESSAGES/django.po")


def pairs(catalogue):
    """(what the code says, what people read), both as tuples because of plurals."""
    return [(words.as_tuple(one.id), words.as_tuple(one.string)) for one in catalogue if one.id]


def named(messages):
    return {(one.context, words.as_tuple(one.id)) for one in messages if one.id}


def test_everything_is_translated(catalogue):
    assert [said for said, read in pairs(catalogue) if not read or not all(read)] == []
    assert [one.id for one in catalogue if one.id and one.fuzzy] == []
    assert list(catalogue.obsolete) == []


def test_the_catalogue_holds_what_the_sources_say_and_nothing_else(catalogue):
    """Where this fails, `make words` writes the catalogue anew."""
    said, kept = named(words.said()), named(catalogue)
    assert {"missing": sorted(said - kept, key=str), "superfluous": sorted(kept - said, key=str)} == {
        "missing": [],
        "superfluous": [],
    }


def test_the_file_is_as_make_words_writes_it(chinese):
    path = settings.BASE_DIR / "locale/zh_Hans/LC_MESSAGES/django.po"
    assert path.read_text() == words.written(chinese)


@pytest.mark.parametrize("kept", [HOLES, TAGS], ids=["placeholders", "tags"])
def test_what_code_fills_in_survives_translation(catalogue, kept):
    """A language may have fewer plural forms than English: each form holds what one of the English forms holds."""

    def held(text):
        return sorted(kept.findall(text))

    lost = [(said, read) for said, read in pairs(catalogue) if any(held(form) != held(said[-1]) for form in read)]
    assert lost == []


def test_percent_signs_stay_doubled(catalogue):
    """A single one breaks the page that shows the message."""
    filled = [(said, form) for said, read in pairs(catalogue) for form in read if HOLES.search(said[-1])]
    assert [said for said, form in filled if re.search(r"(?<!%)(?:%%)*%(?![%(sd])", form)] == []


def test_chinese_sentences_have_chinese_punctuation(chinese):
    assert [form for _said, read in pairs(chinese) for form in read if LATIN_MARKS.search(form)] == []


def test_the_space_between_chinese_and_latin_is_not_typed(chinese):
    """The renderer sets it (LOOK, Chinese typography)."""
    assert [form for _said, read in pairs(chinese) for form in read if TYPED_SPACES.search(form)] == []


@pytest.mark.parametrize("address", PUBLIC)
def test_no_english_sentence_is_left_on_a_chinese_page(client, cast, chinese, address, settings):
    settings.LOCALE_PATHS = [settings.BASE_DIR / "locale"]
    promises.lay()
    make.plans()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    html = client.get(address).content.decode()
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
    assert 'lang="zh-hans"' in html.lower() and re.search(HAN, page)
    assert [piece for said, _read in pairs(chinese) for piece in sentences(said) if piece in page] == []


def sentences(said):
    """The longest piece of each form between placeholders, where it is three words or more."""
    pieces = [max(re.split(r"%\(\w+\)\w|%%|<[^>]+>", form), key=len).strip() for form in said]
    return [piece for piece in pieces if piece.count(" ") >= 2]
