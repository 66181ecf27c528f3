"""What `make bench` runs: our work beside a usual way to do it (peer) and the least it can cost (floor)."""
