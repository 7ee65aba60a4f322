"""Reads of access: accounts, one's own sessions, tokens, employers with their clerks and claims."""
