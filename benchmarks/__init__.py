"""What `make bench` runs: our work beside a usual way to do it (peer) and the least it can cost (floor)."""

import data  # noqa: F401  as in the product, before numpy is loaded: it says on how many cores numpy works
