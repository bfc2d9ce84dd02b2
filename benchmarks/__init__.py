"""Speed against other engines, in one run, with answers held equal first. Run `python -m benchmarks`."""
