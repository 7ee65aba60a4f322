"""Find LibreOffice, which makes real files for the tests, or have it installed; a step of `make test`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import chromium

MISSING = ("No LibreOffice: tests of the files that it makes are left out. Install libreoffice-calc, or name it, as in "
           "`SOFFICE=/path/to/soffice make test`.")
PACKAGE = "libreoffice-calc-nogui"
KINDS = {"xls": "xls:MS Excel 97", "xlsx": "xlsx:Calc MS Excel 2007 XML", "ods": "ods:calc8",
         "csv": "csv:Text - txt - csv (StarCalc):44,34,76,1"}  # commas, quotes, UTF-8


def find() -> str | None:
    """The path of LibreOffice: the one that SOFFICE names, or the system's."""
    named = os.environ.get("SOFFICE")
    return named if named and Path(named).exists() else shutil.which("soffice") or shutil.which("libreoffice")


def converted(source: Path, kind: str) -> Path:
    """The same sheet as LibreOffice writes it in another kind of file, in a folder beside the source."""
    folder = source.parent / kind
    folder.mkdir(exist_ok=True)
    profile = (source.parent / "profile").as_uri()
    command = [find() or "soffice", f"-env:UserInstallation={profile}", "--headless", "--norestore", "--convert-to",
               KINDS[kind], "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180,
                   env=os.environ | {"HOME": str(source.parent), "LANG": "C.UTF-8"})
    return folder / f"{source.stem}.{kind}"


def main() -> int:
    """Have LibreOffice where it can be had; a machine without it runs all other tests."""
    if not find() and not os.environ.get("SOFFICE"):
        print("Installing LibreOffice for the tests ...", flush=True)
        chromium.install(PACKAGE)
    if not find():
        print(MISSING, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
