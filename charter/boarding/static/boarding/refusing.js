// Not letting somebody on, or setting somebody down: why, who saw it, who takes over. Codes only, never a name.

import { enter } from "./log.js";
import { $, button, message, show, words } from "./page.js";
import { record } from "./recording.js";

const WHY = ["drunk", "fever", "quarrel", "no_card", "own_wish"];
const SEEN_BY = ["driver", "crew", "police", "other_volunteer"];
const TAKEN_BY = ["nobody_needed", "family", "station", "police", "hospital"];
let scan = null;

function options(id, codes) {
  $(id).replaceChildren(...codes.map((code) => new Option(words(code), code)));
}

// `seen` is what is known of him: booking, pass or by_hand, what was shown, whether he is on board.
export function showRefusing({ aboard = false, ...seen }) {
  scan = { aboard, ...seen };
  $("refuse-title").textContent = words(aboard ? "set_down" : "deny");
  options("refuse-witness", SEEN_BY);
  options("refuse-taker", TAKEN_BY);
  $("refuse-why").replaceChildren(...WHY.map((why) => button(words(why), () => refuse(why))));
  show("refuse");
}

async function refuse(why) {
  const { aboard, ...seen } = scan;
  const [witness, taker] = ["refuse-witness", "refuse-taker"].map((id) => $(id).value);
  scan = null;
  await record({ ...seen, kind: "deny", reason: [why, witness, taker].join("/") });
  await enter(aboard ? "set_down" : "refused", { booking_id: seen.booking, reason: why, witness: words(witness),
    taken_over_by: words(taker) });
  message(words("refused"), words("refused_text"));
}
