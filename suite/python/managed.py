"""examples/python by a clock that the suite moves: `managed.py RESOURCES FILE`. The handler of
refusals is the plug-in's own.

A wait that has begun does not end earlier because the clock was moved, so the plug-in's scheduler is
told to look at its clock again and again; what it does then is its own affair. FILE is told when it
means to read the secret next (seconds since 1970), for it leaves out what it is a second late for.
"""

import gc
import os
import pathlib
import signal
import sys
import threading
import time

import old_open  # noqa: F401
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import STATE_RUNNING

sys.path.insert(0, os.environ["EXAMPLE"])

import main  # noqa: E402

folder, file = sys.argv[1], pathlib.Path(sys.argv[2])
secret = main.properties(os.path.join(folder, "application.properties"))["secret_name"]


def schedulers():
    return [
        one
        for one in gc.get_objects()
        if isinstance(one, BackgroundScheduler) and one.state == STATE_RUNNING
    ]


def tell(moment):
    beside = file.with_name(file.name + ".new")
    beside.write_text(str(moment))
    beside.replace(file)


def look_at_the_clock():
    found, turn = [], 0
    while True:
        if turn % 20 == 0:
            found = schedulers()
        turn += 1
        for one in found:
            one.wakeup()
            job = one.get_job(secret)
            if job is not None and job.next_run_time is not None:
                tell(job.next_run_time.timestamp())
        time.sleep(0.05)


ended = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: ended.set())
threading.Thread(target=look_at_the_clock, daemon=True).start()
failed = main.run(folder, None, ended)
sys.stdout.flush()
os._exit(1 if failed else 0)
