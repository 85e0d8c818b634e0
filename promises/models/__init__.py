"""Tables of promises: what was promised."""

from promises.models.policies import Policy, PolicyVersion, Term

__all__ = ["Policy", "PolicyVersion", "Term"]
