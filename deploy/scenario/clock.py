"""A time that the scenario moves, for the server and all who call it (libfaketime): a key that is to
be a hundred days old is made a hundred days ago."""

import glob
import sys
from datetime import timedelta


class MovedClock:
    def __init__(self, folder):
        found = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
        if not found:
            sys.exit("libfaketime is not here: install the package faketime")
        self.library = found[0]
        self.file = folder / "clock"
        self.offset = timedelta()
        self.advance(timedelta())

    def advance(self, by):
        self.offset += by
        seconds = int(self.offset.total_seconds())
        # In one step: programs read it with each question.
        fresh = self.file.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}s\n")
        fresh.replace(self.file)

    def variables(self):
        return {
            "LD_PRELOAD": self.library,
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }
