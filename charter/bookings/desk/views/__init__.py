"""The desk's pages about people, one blueprint."""

from charter.bookings.desk.views import carrier, cases, changing, inplace, many, people, person, seat
from charter.bookings.desk.views.frame import bp

__all__ = ["bp", "carrier", "cases", "changing", "inplace", "many", "people", "person", "seat"]
