// One table of rules: what a scan comes back as. Twin of charter/boarding/rules/verdicts.py; moments in milliseconds.

const [GO, LOOK, STOP] = ["go", "look", "stop"];
const JUDGED = ["board", "alight", "deny"];
const ENTRY = ["board", "deny"];

const ownIsAmber = (f) => (f.own_departure ? LOOK : STOP);
const known = (...values) => values.every((value) => value !== null && value !== undefined);

function firstBoarding({ boarded }) {
  return { at: boarded.at, stop_id: boarded.stop_id ?? null, device: boarded.device };
}

// [code, when it applies, verdict, detail, kinds of scan that it judges]
export const RULES = [
  ["malformed", (f) => f.malformed],
  ["device_not_allowed", (f) => !f.device_allowed],
  ["unreadable", (f) => f.refused === "unreadable"],
  ["unknown_key", (f) => f.refused === "unknown_key"],
  ["bad_signature", (f) => f.refused === "bad_signature"],
  ["revoked", (f) => f.refused === "revoked", STOP, null, JUDGED],
  ["not_yet_valid", (f) => known(f.at, f.valid_from) && f.at < f.valid_from, ownIsAmber, null, JUDGED],
  ["expired", (f) => known(f.at, f.valid_until) && f.at > f.valid_until, ownIsAmber, null, JUDGED],
  ["wrong_departure", (f) => !f.own_departure, STOP, (f) => f.elsewhere, JUDGED],
  ["revoked", (f) => f.standing === "revoked", STOP, null, JUDGED],
  ["cancelled", (f) => f.standing === "cancelled", STOP, null, JUDGED],
  ["not_on_manifest", (f) => f.standing === "missing", STOP, null, JUDGED],
  ["departure_closed", (f) => known(f.at, f.sealed_at) && f.at > f.sealed_at, STOP, null, ENTRY],
  ["already_boarded", (f) => known(f.boarded), LOOK, firstBoarding, ["board"]],
  ["superseded", (f) => f.standing === "superseded", LOOK,
    (f) => ({ revision: f.revision_now, seat: f.seat_now }), JUDGED],
  ["not_on_manifest", (f) => f.standing === "newer", LOOK, () => ({ newer: true }), JUDGED],
  ["wrong_stop", (f) => known(f.stop_id, f.booked_stop_id) && f.stop_id !== f.booked_stop_id, LOOK, null, ["board"]],
  ["ok", () => true, GO],
];

const DEFAULTS = {
  kind: "board", at: null, malformed: false, device_allowed: true, refused: null, valid_from: null, valid_until: null,
  own_departure: true, elsewhere: null, standing: "current", revision_now: null, seat_now: null, sealed_at: null,
  boarded: null, stop_id: null, booked_stop_id: null,
};

// {verdict, code, detail, first_scan}; detail and first_scan are null where there is none.
export function classify(some) {
  const facts = { ...DEFAULTS, ...some };
  const [code, , verdict = STOP, detail] = RULES.find(([, applies, , , kinds]) =>
    (!kinds || kinds.includes(facts.kind) || facts.malformed) && applies(facts));
  return {
    verdict: typeof verdict === "function" ? verdict(facts) : verdict,
    code,
    detail: detail ? detail(facts) : null,
    first_scan: code === "already_boarded" ? facts.boarded.scan_id : null,
  };
}
