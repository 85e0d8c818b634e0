"""The words of people as safe HTML."""

from html.parser import HTMLParser

import pytest

from kit.templatetags import markdown


class Markup(HTMLParser):
    """The tags, attributes and addresses that a browser would find in `page`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value for name, value in attrs if name in ("href", "src")]


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[press](javascript:alert(1))",
        "[press](data:text/html,<script>alert(1)</script>)",
        '<a href="javascript:alert(1)">x</a>',
        "![x](javascript:alert(1))",
        "<svg/onload=alert(1)>",
        '<p style="position:fixed">',
        "`</code><script>alert(1)</script>`",
        '[a](https://a.example "\\" onmouseover=\\"alert(1)")',
        "[x]: javascript:alert(1)\n\n[x]",
        '<https://a.example/"><script>alert(1)</script>',
    ],
)
def test_markdown_lets_no_markup_of_people_through(hostile):
    page = Markup(markdown.markdown(hostile))
    assert page.tags <= markdown.TAGS and page.attributes <= {"href", "title", "rel", "tabindex", "start"}
    assert all(address.startswith("https://") for address in page.addresses)


def test_markdown_shows_the_words_of_a_picture_and_fetches_nothing():
    page = markdown.markdown("See ![the graph](https://tracker.example/p.png?who=7) here")
    assert page == "<p>See the graph here</p>\n"


def test_markdown_keeps_code_as_it_was_typed():
    page = markdown.markdown('```sh\nkubectl get <pod> && echo "ok"\n```')
    assert "kubectl get &lt;pod&gt; &amp;&amp; echo" in page


def test_a_link_tells_the_other_side_nothing():
    assert 'rel="nofollow noopener noreferrer"' in markdown.markdown("[docs](https://docs.example/)")


def test_markdown_of_enormous_words_is_shown_as_typed():
    page = markdown.markdown("<b>" + "*" * markdown.LONGEST_MARKDOWN)
    assert page.startswith('<pre tabindex="0">&lt;b&gt;***')


def test_markdown_of_deep_nesting_answers():
    assert markdown.markdown(">" * 5000 + "x")
