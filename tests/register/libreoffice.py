"""How is a workbook edited in LibreOffice without a screen? Run by the system's Python, which has `uno`.

    python3 libreoffice.py IN.xlsx OUT.xlsx EDITS.json

EDITS is a list of [sheet, row from 1, column from 0, text or number]; numbers are written as numbers.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import uno  # type: ignore[import-not-found]
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]
from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found]

source, target, edits = sys.argv[1:]
pipe = f"weaklink{time.monotonic_ns()}"
profile = tempfile.mkdtemp(prefix="weaklink-office-")
office = subprocess.Popen(
    [
        "soffice",
        "--headless",
        "--norestore",
        f"-env:UserInstallation=file://{profile}",
        f"--accept=pipe,name={pipe};urp;",
    ],
    stdout=subprocess.DEVNULL,
    stderr=subprocess.DEVNULL,
)


def option(name: str, value: object) -> Any:  # noqa: ANN401 - the office has no types
    """A named option of a call."""
    found = PropertyValue()
    found.Name, found.Value = name, value
    return found


try:
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(240):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            break
        except NoConnectException:
            time.sleep(0.5)
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    document = desktop.loadComponentFromURL(
        Path(source).resolve().as_uri(), "_blank", 0, (option("Hidden", True),)
    )
    for sheet, row, column, value in json.loads(Path(edits).read_text(encoding="utf-8")):
        cell = document.Sheets.getByName(sheet).getCellByPosition(column, row - 1)
        if isinstance(value, str) and value.startswith("=FORMULA:"):
            cell.setFormula("=" + value.removeprefix("=FORMULA:"))
        elif isinstance(value, str):
            cell.setString(value)
        else:
            cell.setValue(value)
    document.storeToURL(Path(target).resolve().as_uri(), (option("FilterName", "Calc MS Excel 2007 XML"),))
    document.close(True)
finally:
    office.terminate()
    office.wait(30)
