"""Password rules, and hashes by Argon2id (RFC 9106); a password itself is never kept, logged or shown again."""

from __future__ import annotations

import secrets
from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

LEAST_LENGTH, MOST_LENGTH = 10, 128
LONG_ENOUGH = 20  # from here on a passphrase needs no mixture
KINDS_WANTED = 3
INITIAL_LENGTH = 12
# Without characters that look alike on paper or over the telephone.
_LETTERS, _CAPITALS, _DIGITS, _SIGNS = (
    "abcdefghijkmnpqrstuvwxyz",
    "ABCDEFGHJKLMNPQRSTUVWXYZ",
    "23456789",
    "@#%+=?",
)
_COMMON = (
    "password",
    "12345",
    "qwert",
    "asdf",
    "abc123",
    "iloveyou",
    "admin",
    "letmein",
    "woaini",
    "heilongjiang",
    "anquan",
)

RULES = (
    f"至少 {LEAST_LENGTH} 位，含大写字母、小写字母、数字、符号中的 {KINDS_WANTED} 种（{LONG_ENOUGH} 位以上不限种类）；"
    "不得含账号，不得含常见密码或连续重复的字符"
)


def _made_up_hash(hasher: PasswordHasher) -> str:
    """A hash of no password, that takes as long to compare with as one that `hasher` made."""
    salt, digest = (
        b64encode(secrets.token_bytes(n)).rstrip(b"=").decode() for n in (hasher.salt_len, hasher.hash_len)
    )
    work = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${work}${salt}${digest}"


_hasher = PasswordHasher()
# A random initial password holds some 70 bits, far beyond guessing, and has to be changed at once: a thirtieth of the work
# is enough for it, so that ten thousand units get their accounts in a minute rather than in twenty.
_initial_hasher = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)
# Compared with when there is no such account, so that the time to answer does not tell: made up, with the settings of the
# others, since hashing something would take a third of a second of every start.
_NOBODY = _made_up_hash(_hasher)


def password_faults(password: str, *, account: str) -> list[str]:
    """Every rule that the password breaks, in Chinese; empty where it is good."""
    faults = []
    if len(password) < LEAST_LENGTH:
        faults.append(f"现有 {len(password)} 位，应至少 {LEAST_LENGTH} 位")
    if len(password) > MOST_LENGTH:
        faults.append(f"超过 {MOST_LENGTH} 位")
    kinds = sum(
        (
            any(c.islower() for c in password),
            any(c.isupper() for c in password),
            any(c.isdigit() for c in password),
            any(not c.isalnum() for c in password),
        )
    )
    if kinds < KINDS_WANTED and len(password) < LONG_ENOUGH:
        faults.append(f"只有 {kinds} 种字符，应含大写字母、小写字母、数字、符号中的 {KINDS_WANTED} 种")
    lowered = password.lower()
    if account and account.lower() in lowered:
        faults.append("含有账号")
    if any(word in lowered for word in _COMMON):
        faults.append("含有常见密码")
    if any(password[at : at + 4] == password[at] * 4 for at in range(len(password) - 3)):
        faults.append("同一字符连续出现 4 次以上")
    return faults


def hash_password(password: str) -> str:
    """The hash that is kept of a password that somebody chose."""
    return _hasher.hash(password)


def hash_initial(password: str) -> str:
    """The hash that is kept of an `initial_password`."""
    return _initial_hasher.hash(password)


def is_password(password: str, password_hash: str | None) -> bool:
    """Whether the password is the hashed one; takes as long when there is no hash, or a lighter one."""
    if password_hash and needs_rehash(password_hash):
        _verifies(password, _NOBODY)
    return _verifies(password, password_hash or _NOBODY) and password_hash is not None


def _verifies(password: str, password_hash: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(password_hash: str) -> bool:
    """Whether the hash was made with weaker settings than today's, or is none."""
    try:
        return _hasher.check_needs_rehash(password_hash)
    except InvalidHashError:
        return True


def initial_password() -> str:
    """A random password that keeps the rules, for an account's first sign-in."""
    while True:
        pool = _LETTERS + _CAPITALS + _DIGITS + _SIGNS
        password = "".join(secrets.choice(pool) for _ in range(INITIAL_LENGTH))
        if not password_faults(password, account=""):
            return password
