"""The one list of what each room shows: its pages and its API. A room that is not here does not exist for the web."""

from __future__ import annotations

from flask import Blueprint

from charter.access import views as access_views
from charter.boarding import api as boarding_api
from charter.boarding import live_views as boarding_live_views
from charter.boarding import phone_api as boarding_phone_api
from charter.boarding import trip_views as boarding_trip_views
from charter.boarding import views as boarding_views
from charter.bookings import api as bookings_api
from charter.bookings import link_views, round_views, waiting_api, waiting_views
from charter.bookings import views as bookings_views
from charter.bookings.desk import views as bookings_desk_views
from charter.campaigns import api as campaigns_api
from charter.campaigns import door_views
from charter.campaigns import views as campaigns_views
from charter.crew import desk_views as crew_desk_views
from charter.crew import own_views as crew_own_views
from charter.crew import views as crew_views
from charter.duty import views as duty_views
from charter.funding import views as funding_views
from charter.insight import file_views, report_views
from charter.insight import views as insight_views
from charter.notices import api as notices_api
from charter.notices import views as notices_views
from charter.passes import api as passes_api
from charter.passes import views as passes_views
from charter.planning import api as planning_api
from charter.planning import views as planning_views
from charter.registrations import api as registrations_api
from charter.registrations import change_views, join_views
from charter.rosters import answer_views
from charter.rosters import api as rosters_api
from charter.rosters import views as rosters_views

ROOMS: tuple[Blueprint, ...] = (
    door_views.bp,
    access_views.bp,
    registrations_api.bp,
    rosters_api.bp,
    rosters_views.bp,
    answer_views.bp,
    join_views.bp,
    change_views.bp,
    bookings_api.bp,
    bookings_views.bp,
    waiting_views.bp,
    waiting_api.bp,
    link_views.bp,
    round_views.bp,
    bookings_desk_views.bp,
    passes_views.bp,
    passes_api.bp,
    boarding_views.bp,
    boarding_trip_views.bp,
    boarding_live_views.bp,
    boarding_api.bp,
    boarding_phone_api.bp,
    insight_views.bp,
    report_views.bp,
    file_views.bp,
    campaigns_api.bp,
    campaigns_views.bp,
    planning_api.bp,
    planning_views.bp,
    funding_views.bp,
    crew_views.bp,
    crew_desk_views.bp,
    crew_own_views.bp,
    notices_views.bp,
    notices_api.bp,
    duty_views.bp,
)
