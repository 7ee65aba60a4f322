"""The web application for any WSGI server: `granian --interface wsgi wsgi:app`; also `flask --app wsgi COMMAND`."""

from __future__ import annotations

import sys

from charter.app import create_app
from charter.cli import register
from charter.core import settings
from charter.core.installation import StartFault, enter

current = settings.load()
if "check" not in sys.argv[1:] and "migrate" not in sys.argv[1:]:  # those two look at what would stop a start
    try:
        enter(current)
    except StartFault as fault:
        sys.exit("\n".join(fault.lines))
app = create_app(trusted_proxies=current.trusted_proxies)
register(app)
