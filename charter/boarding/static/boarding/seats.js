// A seat's printed name behind the two bytes in the pass. Twin of charter/passes/rules/seats.py.

const LETTERED = 1 << 15;

export function seatName(number) {
  if (!(number & LETTERED)) return number ? String(number) : null;
  const carriage = (number >> 10) & 31;
  const seat = `${(number >> 4) & 63}${String.fromCharCode(65 + (number & 15))}`;
  return carriage ? `${String(carriage).padStart(2, "0")}车 ${seat}` : seat;
}
