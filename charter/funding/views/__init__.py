"""Pages of money."""

from charter.funding.views import accounts, budgets, claims, costs, settling, sharing, subsidies, travel
from charter.funding.views.frame import bp

__all__ = ["accounts", "bp", "budgets", "claims", "costs", "settling", "sharing", "subsidies", "travel"]
