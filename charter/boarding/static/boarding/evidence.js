// Whether a denial was of a second person, so that who is on board stays on board. Twin of rules/evidence.py.
export function turnedAway({ kind, shown, reason }) {
  return kind === "deny" && shown === "already_boarded" && reason === "turned_away";
}
