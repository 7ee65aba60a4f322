"""Campaigns, rules with a from-date, corridors, stops, carriers, vehicle types, departures and journeys.

It never knows who rides.
"""
