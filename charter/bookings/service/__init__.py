"""Acts on seats: hold, confirm, cancel, move, place many; a changed request, and a colleague who takes a seat over."""

from charter.bookings.service.changing import cancel, confirm, move, withdraw_registration
from charter.bookings.service.emptying import empty
from charter.bookings.service.following import change_registration, replace
