"""Values that something on the way could spoil."""

import json
import pathlib

_SHARED = pathlib.Path(__file__).parent.parent / "values.json"
VALUES = json.loads(_SHARED.read_text(encoding="utf-8"))
VALUES["long"] = "0123456789abcdef" * 1875

# The suite looks for this one in everything that was logged.
CANARY = "canary-7d1c0b6e5f3a4298"

# Of the ClientKeys that the suite makes: each special character that a password may have.
CLIENT_KEY_PASSWORD = "Suite-7~!@#$%^&*?_"
