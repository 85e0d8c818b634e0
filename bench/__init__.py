"""Benchmarks: ratios of our work to a limit or to a peer, measured side by side in one run (`make bench`)."""
