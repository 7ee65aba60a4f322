"""Reads of people and organizations."""
