"""As a pytest plugin: the words of other languages are compiled before the first test."""

from config.words import compile_messages


def pytest_sessionstart() -> None:
    compile_messages()
