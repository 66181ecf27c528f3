"""Work that goes on in a thread of its own beside the screens, until it is ended."""

from __future__ import annotations

import threading
from collections.abc import Callable


def start_beside(work: Callable[[threading.Event], None], *, name: str) -> Callable[[], None]:
    """Start `work`, which is over soon after the event that it is given is set; what is returned ends it, and waits for that."""
    stopping = threading.Event()
    thread = threading.Thread(target=work, args=(stopping,), name=name, daemon=True)
    thread.start()

    def stop() -> None:
        stopping.set()
        thread.join()

    return stop
