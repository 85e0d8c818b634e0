"""Papers: the same bytes each time, text stays text, and whatever somebody wrote, a paper comes out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from kit import pdf

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
TEMPLATE = '#set document(title: "t")\n#let data = json(bytes(sys.inputs.data))\n#data.words'


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    """A folder of templates with one paper in it, and a file that no paper may read."""
    settings.BASE_DIR = tmp_path
    (tmp_path / "templates" / "documents").mkdir(parents=True)
    (tmp_path / "templates" / "documents" / "note.typ").write_text(TEMPLATE)
    (tmp_path / "secret.txt").write_text("harbour")
    pdf._compiler.cache_clear()
    yield tmp_path / "templates" / "documents"
    pdf._compiler.cache_clear()


def paper(words: str, at: datetime = AT) -> bytes:
    return pdf.render("note", {"words": words}, at=at)


def test_equal_papers_are_equal_bytes_and_say_nothing_of_their_maker():
    assert paper("账单 INV-1") == paper("账单 INV-1") != paper("账单 INV-1", AT.replace(year=2027))


@pytest.mark.parametrize(
    "words",
    ["#read(\"/etc/passwd\")", "#import \"@preview/x:1.0.0\"", "$x^2$ *b* _i_ `c` <l> @r \\ // /* */", "\x00\x07\ud800",
     "\u202egnp.exe\u200b", "🙂👩‍👩‍👧 مرحبا שלום", "W" * 5000, "\n" * 50, ""],
    ids=range(9),
)  # fmt: skip
def test_whatever_was_written_a_paper_comes_out(words):
    assert paper(words).startswith(b"%PDF-")


def test_a_paper_with_what_we_can_draw_is_tagged_for_screen_readers():
    assert b"pdfuaid" in paper("账单 Invoice")
    assert b"pdfuaid" not in paper("🙂")


def test_a_template_reads_nothing_above_its_folder(folder):
    (folder / "note.typ").write_text('#read("/../../secret.txt")')
    with pytest.raises(pdf.typst.TypstError):
        paper("x")


def test_several_at_once_are_each_their_own():
    with ThreadPoolExecutor(4) as threads:
        papers = list(threads.map(paper, ["one", "two"] * 8))
    assert papers == [paper("one"), paper("two")] * 8


def test_without_the_chinese_fonts_a_paper_is_still_a_paper(monkeypatch):
    monkeypatch.setattr(pdf, "pylopdf_fonts_zh_cn", None)
    assert paper("账单").startswith(b"%PDF-")


def test_it_leaves_as_a_download_that_nobody_keeps():
    answer = pdf.answer(b"%PDF-", "INV-1.pdf")
    assert answer["Content-Disposition"] == 'attachment; filename="INV-1.pdf"'
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "private, no-store")
