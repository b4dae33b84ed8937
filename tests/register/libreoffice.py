"""How is a workbook edited in LibreOffice without a screen? Run by the system's Python, which has `uno`.

    python3 libreoffice.py IN.xlsx OUT.xlsx EDITS.json

EDITS is a list of [sheet, row from 1, column from 0, text or number]; a text that begins with =FORMULA: is one.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

WAITS = 240  # half seconds until the office answers


def main(source: str, target: str, edits: str) -> None:
    """Open a workbook, change cells, and save it as a workbook."""
    pipe = f"weaklink{time.monotonic_ns()}"
    words = ["soffice", "--headless", "--norestore", f"--accept=pipe,name={pipe};urp;"]
    words.append(f"-env:UserInstallation=file://{tempfile.mkdtemp(prefix='weaklink-office-')}")
    office = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        desktop = reached(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        document = desktop.loadComponentFromURL(
            Path(source).resolve().as_uri(), "_blank", 0, (option("Hidden", value=True),)
        )
        for sheet, row, column, value in json.loads(Path(edits).read_text(encoding="utf-8")):
            change(document.Sheets.getByName(sheet).getCellByPosition(column, row - 1), value)
        kind = option("FilterName", "Calc MS Excel 2007 XML")
        document.storeToURL(Path(target).resolve().as_uri(), (kind,))
        document.close(True)
    finally:
        office.terminate()
        office.wait(30)


def reached(address: str) -> Any:  # noqa: ANN401 - the office has no types
    """The desktop of an office that is starting."""
    import uno  # type: ignore[import-not-found]
    from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found]

    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(WAITS):
        try:
            context = resolver.resolve(address)
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except NoConnectException:
            time.sleep(0.5)
    raise TimeoutError("LibreOffice does not answer")


def option(name: str, value: object) -> Any:  # noqa: ANN401 - as above
    """A named option of a call."""
    import uno
    from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]

    assert uno
    found = PropertyValue()
    found.Name, found.Value = name, value
    return found


def change(cell: Any, value: str | float) -> None:  # noqa: ANN401 - as above
    """Put a value into a cell as a person types it."""
    if isinstance(value, str) and value.startswith("=FORMULA:"):
        cell.setFormula("=" + value.removeprefix("=FORMULA:"))
    elif isinstance(value, str):
        cell.setString(value)
    else:
        cell.setValue(value)


if __name__ == "__main__":
    main(*sys.argv[1:])
