"""The public text of messages in templates: Markdown as safe HTML."""

from collections.abc import Sequence
from functools import lru_cache

import nh3
from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

register = template.Library()

LONGEST_MARKDOWN = 200_000
"""Characters; what is longer is shown as it was typed, so that no text can hold a page up."""

KEPT_MARKDOWN = 8_000
"""Characters up to which the rendered words are kept in memory."""

TAGS = {
    "p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a",
    "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


class _Renderer(RendererHTML):
    """Shows the words of a picture instead of fetching it: a remote picture tells its host who reads."""

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return escape(self.renderInlineAsText(tokens[idx].children or [], options, env))


_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}, renderer_cls=_Renderer)
_markdown.enable(["table", "strikethrough"])


@register.filter
def markdown(text: object) -> SafeString:
    """A message's Markdown as safe HTML: no markup of its own, no pictures, no address but http, https and mailto."""
    source = str(text or "")
    if len(source) > LONGEST_MARKDOWN:
        return format_html('<pre tabindex="0">{}</pre>', source)
    return _clean(source) if len(source) <= KEPT_MARKDOWN else _clean.__wrapped__(source)


@lru_cache(maxsize=2048)
def _clean(source: str) -> SafeString:
    """What was said does not change, and live pages say it again and again."""
    clean = nh3.clean(
        _markdown.render(source),
        tags=TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
        set_tag_attribute_values={"pre": {"tabindex": "0"}},
    )
    return mark_safe(clean)
