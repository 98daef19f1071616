"""Python 3.11 no longer knows the mode `U` of `open`, which the published secrets client still uses;
here it is again. In a Python older than that, nothing happens."""

import builtins
import sys

if sys.version_info >= (3, 11):
    _open = builtins.open

    def _with_old_modes(file, mode="r", *rest, **named):
        return _open(file, mode.replace("U", ""), *rest, **named)

    builtins.open = _with_old_modes
