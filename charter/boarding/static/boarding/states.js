// From scans to the state of each booking, whatever order they came in. Twin of charter/boarding/rules/states.py.

const inOrder = (a, b) => a.at - b.at || (a.scan_id < b.scan_id ? -1 : Number(a.scan_id > b.scan_id));

function standing(scans) {
  const undone = new Set(scans.filter((scan) => scan.kind === "undo").map((scan) => scan.undoes));
  return scans.filter((scan) => scan.kind !== "undo" && !undone.has(scan.scan_id)).sort(inOrder);
}

function ride(scans) {
  let state = { state: "waiting", scan_id: null, by_hand: false };
  let first = null;
  const doubled = new Set();
  for (const scan of scans) {
    if (scan.kind === "board" && !first) {
      first = scan;
      state = { state: "boarded", scan_id: scan.scan_id, by_hand: Boolean(scan.by_hand) };
    } else if (scan.kind === "board") {
      if (scan.device !== first.device || !scan.aware) doubled.add(first.scan_id).add(scan.scan_id);
    } else if (scan.kind === "alight" && first) {
      first = null;
      state = { state: "alighted", scan_id: scan.scan_id, by_hand: state.by_hand };
    } else if (scan.kind === "deny") {
      first = null;
      state = { state: "denied", scan_id: scan.scan_id, by_hand: false };
    }
  }
  return { state, doubled: [...doubled] };
}

// Who was turned away with the pass of somebody on board changes no state, and is a case.
function walk(scans) {
  const { state, doubled } = ride(scans.filter((scan) => !scan.turned_away));
  const away = scans.filter((scan) => scan.turned_away).map((scan) => scan.scan_id);
  const rode = scans.find((scan) => scan.kind === "board")?.scan_id;
  if (!away.length || !rode) return { state, doubled };
  return { state, doubled: [...(doubled.length ? doubled : [rode]), ...away] };
}

// {states: {booking: {state, scan_id, by_hand}}, conflicts: [{booking, scan_ids}]}
export function fold(scans, { sealed = false, bookings = [] } = {}) {
  const all = new Map(bookings.map((booking) => [booking, []]));
  for (const scan of new Map(scans.map((scan) => [scan.scan_id, scan])).values()) {
    all.set(scan.booking, [...(all.get(scan.booking) ?? []), scan]);
  }
  const states = {};
  const conflicts = [];
  for (const booking of [...all.keys()].sort()) {
    const { state, doubled } = walk(standing(all.get(booking)));
    states[booking] = sealed && state.state === "waiting" ? { ...state, state: "no_show" } : state;
    if (doubled.length) conflicts.push({ booking, scan_ids: doubled });
  }
  return { states, conflicts };
}

// The boarding of one booking that stands at a moment, or null.
export function boardedBefore(scans, at) {
  let first = null;
  for (const scan of standing(scans).filter((one) => !one.turned_away)) {
    if (scan.at <= at) first = scan.kind === "board" ? (first ?? scan) : null;
  }
  return first;
}

// The head count that the scans make; `heads` is 1 + lap children of each booking.
export function figures(states, heads) {
  const total = (names, byHand) => Object.entries(states).reduce((sum, [booking, found]) =>
    sum + (names.includes(found.state) && (byHand === undefined || found.by_hand === byHand)
      ? (heads[booking] ?? 1) : 0), 0);
  const aboard = ["boarded", "alighted"];
  return {
    expected: Object.values(heads).reduce((sum, count) => sum + count, 0),
    boarded_by_scan: total(aboard, false),
    boarded_by_hand: total(aboard, true),
    alighted: total(["alighted"]),
  };
}
