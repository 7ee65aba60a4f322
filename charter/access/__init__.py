"""Accounts, sign-in, sessions, tokens, devices, invitations: how people get in.

It never decides what they may do in another room: roles stand beside each route.
"""
