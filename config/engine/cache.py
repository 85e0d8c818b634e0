"""The cache: Redis, and while that is away the memory of this process. A cache that is lost breaks no page."""

import logging
import time
from typing import Any

import redis
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

log = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds for which Redis is not asked again after it did not answer."""


class Cache(BaseCache):
    """Django's Redis cache with a fallback. What was kept in one is not seen in the other: it is a cache."""

    _away_until = 0.0
    """By the monotonic clock, for all threads of this process."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._far = RedisCache(server, params)
        self._near = LocMemCache("while-redis-is-away", {**params, "OPTIONS": {}})

    def _ask(self, question: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= Cache._away_until:
            try:
                return getattr(self._far, question)(*args, **kwargs)
            except redis.RedisError as error:
                Cache._away_until = time.monotonic() + PATIENCE
                log.warning("the cache is away: %s", error)
        return getattr(self._near, question)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("delete", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("has_key", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("incr", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("get_many", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("set_many", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("delete_many", *args, **kwargs)

    def clear(self) -> Any:
        return self._ask("clear")
