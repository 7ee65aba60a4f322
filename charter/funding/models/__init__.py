"""Tables of money. Whole fen, no names: the ledger outlives the people, and holds nothing of theirs."""

from charter.funding.models.costs import DepartureCost
from charter.funding.models.ledger import LedgerAccount, LedgerEntry, LedgerLine
from charter.funding.models.settling import CharterContract, ContractDeparture, Settlement, SettlementLine
from charter.funding.models.sharing import Budget, EmployerSubsidy, ShareByHand, ShareRule
from charter.funding.models.travel import TravelBand, TravelClaim

__all__ = ["Budget", "CharterContract", "ContractDeparture", "DepartureCost", "EmployerSubsidy", "LedgerAccount",
           "LedgerEntry", "LedgerLine", "Settlement", "SettlementLine", "ShareByHand", "ShareRule", "TravelBand",
           "TravelClaim"]
