"""The engine's part of the health page. The engine stands above the faces, so it brings its own tag."""

from django import template

from config.engine.rounds import Round, rounds

register = template.Library()


@register.simple_tag
def engine_rounds() -> list[Round]:
    """`{% engine_rounds as rounds %}`: what each part of the engine did lately."""
    return rounds()
