"""Acts on seats: hold, confirm, cancel, move, place many; a changed request, and a colleague who takes a seat over."""

from charter.bookings.service.changing import cancel, confirm, move, withdraw_registration
from charter.bookings.service.emptying import empty
from charter.bookings.service.following import change_registration, replace
from charter.bookings.service.holding import hold, hold_party
from charter.bookings.service.moving_time import reschedule
from charter.bookings.service.offering import offer, to_offer
from charter.bookings.service.placing import Placement, place_many, set_carrier_seats
from charter.bookings.service.replying import called_back, reply
from charter.bookings.service.together import (
    confirm_all,
    give_back,
    leave,
    not_coming,
    take_back_consent,
    take_seats,
)
from charter.bookings.service.waiting import Wanted, decline, leave_line, look, wait_for
from charter.bookings.service.wishing import wish

__all__ = ["Placement", "Wanted", "called_back", "cancel", "change_registration", "confirm", "confirm_all", "decline",
           "empty", "give_back", "hold", "hold_party", "leave", "leave_line", "look", "move", "not_coming", "offer",
           "place_many", "replace", "reply", "reschedule", "set_carrier_seats", "take_back_consent", "take_seats",
           "to_offer", "wait_for", "wish", "withdraw_registration"]
