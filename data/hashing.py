"""The fingerprint that files and texts are known by; light, for processes that need nothing else of the store."""

from __future__ import annotations

import hashlib


def hash_bytes(content: bytes) -> str:
    """SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(content).hexdigest()
