"""What stands still: a piece of a page that is the same for everybody who reads one language, kept in memory."""

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

MANY = 64
"""So many forms of one piece are kept; then it begins anew."""


class Still(Node):
    """Renders its content once for each language and each value of `keys`."""

    def __init__(self, nodelist: NodeList, keys: list[FilterExpression]) -> None:
        self.nodelist, self.keys = nodelist, keys
        self.kept: dict[tuple[str | None, ...], SafeString] = {}

    def render(self, context: Context) -> SafeString:
        key = (get_language(), *(str(one.resolve(context, ignore_failures=True)) for one in self.keys))
        found = self.kept.get(key)
        if found is None:
            if len(self.kept) >= MANY:
                self.kept.clear()
            found = self.kept[key] = self.nodelist.render(context)
        return found


@register.tag
def still(parser: Parser, token: Token) -> Still:
    """`{% still a b %}...{% endstill %}`: nothing in it may depend on anything but the language, `a` and `b`.

    No token of a form, no block that a page fills, nothing about a person: it is kept for the next reader.
    """
    keys = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("endstill",))
    parser.delete_first_token()
    return Still(nodelist, keys)
