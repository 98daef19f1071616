//! Log files with rotation, signals and draining.
