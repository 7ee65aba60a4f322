"""Money: what departures cost, who bears it, the ledger, settlements, subsidies.

It never holds a name.
"""
