// Whose clock: a phone's times corrected by its offset. Twin of charter/boarding/rules/times.py; all in milliseconds.

const AHEAD = 2 * 60 * 1000;

export function correct(scannedAt, received, deviceTime) {
  return scannedAt + (received - deviceTime);
}

export function doubtful(corrected, received, opened) {
  return corrected > received + AHEAD || corrected < opened;
}
