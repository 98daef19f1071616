"""examples/python as it is: `example.py RESOURCES`."""

import os
import sys

import old_open  # noqa: F401

sys.path.insert(0, os.environ["EXAMPLE"])

import main  # noqa: E402

main.main()
