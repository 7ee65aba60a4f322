"""Boarding day: the manifest, scans and their sync, the head count, conflicts, and the volunteer's scanner page.

It never believes a device: every verdict is judged again here. It never changes a seat; bookings does.
"""
