"""The text boundary: nothing hidden comes in, nothing visible is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.texts import clean_block, clean_line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  pods   Pending ", "pods Pending"),
        ("one\u2028two\x85three\x1cfour", "one two three four"),
        ("a\x00b\ud800c", "abc"),
        ("pay \u202eevil\u202c now", "pay evil now"),
        ("re\u200bdis", "redis"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("e\u0301tcd", "\u00e9tcd"),
        ("主机　重启", "主机 重启"),
        ("z" + "\u0329" * 40 + "!", "z" + "\u0329" * 8 + "!"),
        ("ไม่ได้ที่", "ไม่ได้ที่"),
    ],
)
def test_a_line_keeps_what_can_be_seen(typed, kept):
    assert clean_line(typed) == kept


def test_a_line_is_cut_at_its_limit():
    assert clean_line("abcdef ghi", 7) == "abcdef"


def test_a_block_keeps_indentation_and_empty_lines():
    assert clean_block("\n\nspec:\r\n  replicas: 3  \n\nend\n\n") == "spec:\n  replicas: 3\n\nend"


@given(st.text())
def test_a_line_is_one_line_for_everybody_and_cleaning_again_changes_nothing(typed):
    line = clean_line(typed)
    assert len(line.splitlines()) <= 1
    assert clean_line(line) == line


@given(st.text())
def test_a_block_can_be_stored_and_cleaning_again_changes_nothing(typed):
    block = clean_block(typed)
    block.encode()
    assert "\x00" not in block
    assert clean_block(block) == block
