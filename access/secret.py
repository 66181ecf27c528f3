"""The key of one runtime folder, `<home>/secret`: signs cookies, form tokens and one-time links; never leaves the machine."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from data.store import StoreError
from data.workbook_files import sync_folder

SECRET = "secret"
KEY_BYTES = 32


class Key:
    """Signs what leaves the server and must come back unchanged; `purpose` keeps one kind from passing for another."""

    def __init__(self, key: bytes):
        self._key = key

    def seal(self, purpose: str, value: Any) -> str:
        """The value (anything JSON can hold) with its signature, fit for a cookie or an address."""
        return self._serializer(purpose).dumps(value)

    def unseal(self, purpose: str, sealed: str | None) -> Any | None:
        """The value that was sealed for this purpose, or None for anything else."""
        try:
            return self._serializer(purpose).loads(sealed or "")
        except BadSignature:
            return None

    def digest(self, purpose: str, text: str) -> str:
        """A code that only the holder of the key can make from the text, in hexadecimal."""
        return hmac.new(self._key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(
            self._key,
            salt=purpose,
            signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
        )


def open_key(home: Path) -> Key:
    """The folder's key, made on first use. Raises StoreError (Chinese) where it cannot be read or written."""
    path = home / SECRET
    try:
        if not path.exists():
            _make(path)
        if os.name == "posix" and path.stat().st_mode & 0o077:
            path.chmod(0o600)  # a copied folder may have lost it
        return _read(path)
    except OSError as error:
        raise StoreError(
            f"无法使用密钥文件 {path}（{error.strerror}）：请检查运行目录的权限和磁盘空间"
        ) from error


def read_key(home: Path) -> Key:
    """The key of a folder that a server has used. Raises StoreError where there is none."""
    path = home / SECRET
    if not path.exists():
        raise StoreError(f"运行目录 {home} 中没有运行过网页服务：请核对 --home，或先执行 manage.py serve")
    return open_key(home)


def _make(path: Path) -> None:
    """Written aside and moved into place whole, so that nobody ever reads half a key."""
    partial = path.with_suffix(f".{os.getpid()}.part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, secrets.token_bytes(KEY_BYTES))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    partial.replace(path)
    sync_folder(path.parent)


def _read(path: Path) -> Key:
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise StoreError(
            f"密钥文件 {path} 已损坏（应为 {KEY_BYTES} 字节，现有 {len(key)} 字节）：请删除它并重启服务，"
            "所有人需要重新登录，数据不受影响"
        )
    return Key(key)
