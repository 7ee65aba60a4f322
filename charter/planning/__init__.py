"""Campaign to instance, plans as jobs, publication: who rides what, and who is left behind and why.

It never solves: the planner room does.
"""
