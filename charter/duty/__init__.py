"""The duty desk: what goes wrong is a case with an owner and a clock, and the shift's log is handed over.

It decides nothing about seats or vehicles itself; those acts stay with their rooms.
"""
