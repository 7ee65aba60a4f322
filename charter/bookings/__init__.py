"""Seats: hold, confirm, move, cancel; the seat map; each seat is sold once.

It never asks why a plan put somebody there.
"""
