"""The one list of what each room shows: its pages and its API. A room that is not here does not exist for the web."""

from __future__ import annotations

from flask import Blueprint

from charter.access import views as access_views

ROOMS: tuple[Blueprint, ...] = (
    access_views.bp,
)
