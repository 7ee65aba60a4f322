"""Who rides along: a name and a phone for each departure.

It never counts heads.
"""
