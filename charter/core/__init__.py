"""The ground floor: session and base, clock, money, problems, sealed fields, audit, actor and permission, paging.

It never knows a room above it, and holds no rule of the business.
"""
