"""The planner and the roster reader start without the web and without the database."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["charter.planner.solve", "charter.rosters.reader.read", "charter.rosters.__main__",
                                    "charter.planner.__main__", "charter.boarding.rules", "charter.passes.rules.codec"])
def test_a_pure_module_loads_neither_flask_nor_sqlalchemy(module):
    script = (f"import sys, {module}; found = {{name.split('.')[0] for name in sys.modules}}; "
              "sys.exit(', '.join(found & {'flask', 'sqlalchemy'}) or 0)")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
