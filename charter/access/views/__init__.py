"""Pages of access: ways in, one's own account, and the pages of those who look after accounts."""

from __future__ import annotations

from charter.access.views import (
    accounts,
    employers,
    exports,
    joining,
    managers,
    organizations,
    own_account,
    persons,
    privacy,
    signing_in,
    tokens,
)
from charter.access.views.blueprint import bp

__all__ = ["accounts", "bp", "employers", "exports", "joining", "managers", "organizations", "own_account", "persons",
           "privacy", "signing_in", "tokens"]  # fmt: skip
