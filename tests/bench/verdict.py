"""How long a phone takes from decoding a pass to the verdict on its screen, its processor slowed four times."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median, quantiles

import boarding.factories as make
from boarding import stand as stands

from charter.core import db

__all__ = ["told"]

PEOPLE, SLOWED = 40, 4


def told() -> str:
    """The figure as a line: median and the slowest in twenty, milliseconds, over 40 people with their passes."""
    with tempfile.TemporaryDirectory() as folder:
        stand = stands.Stand(Path(folder))
        with db.transaction() as session:
            people = [make.booking(session, stand.world, stand.on, str(seat), name="张建国")
                      for seat in range(1, PEOPLE + 1) if str(seat) not in ("23", "24")]
        passes = [stand.text(one) for one in people]
        found = [one for context in stands.contexts(None) for one in _verdicts(stands.join(context, stand), passes)]
        stand.close()
    slow = quantiles(found, n=20)[-1]
    return f"{median(found):6.0f} ms, one in twenty over {slow:.0f} ms, processor slowed {SLOWED} times"


def _verdicts(page: stands.Page, passes: list[str]) -> list[float]:
    page.context.set_offline(True)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    found = []
    for text in passes:
        stands.scan(page, text)
        page.wait_for_function("() => performance.getEntriesByName('verdict').length")
        found.append(float(page.evaluate("() => performance.getEntriesByName('verdict')[0].duration")))
        page.evaluate("() => performance.clearMeasures('verdict')")
        page.click("#verdict .back")
        page.wait_for_selector("#camera:not([hidden])")
    return found
