"""What a server must know about its own address: who can reach it, whether that is safe, and what it prints at its start."""

from __future__ import annotations

import ipaddress
import os

from access.accounts import Accounts
from access.gate import Gate
from access.links import VALID_S, make_link_token
from access.next_page import LINK
from access.secret import Key
from data.store import StoreError

LINK_VARIABLE = "ASSESSMENT_LINK"  # "always": print a link although an administrator has an account
SNAPSHOTS_VARIABLE = (
    "ASSESSMENT_SNAPSHOTS"  # where the writing service publishes snapshots for read-only servers
)
EVERY_VARIABLE = "ASSESSMENT_SNAPSHOTS_EVERY"  # seconds
PROXY_VARIABLE = "FORWARDED_ALLOW_IPS"  # uvicorn's own: whose X-Forwarded-For and -Proto count


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_may_listen(host: str, accounts: Accounts) -> None:
    """Raises StoreError where others could reach the server and nobody could manage who may."""
    if not is_loopback(host) and not accounts.has_administrator():
        raise StoreError(
            f"监听 {host} 会让其他机器也能访问，但还没有可用的系统管理员账号：请先执行 "
            "manage.py user add 账号 --title 名称 --role administrator（如 xitong-guanli、“系统管理岗”），或只监听 127.0.0.1"
        )


def check_proxies_are_named() -> None:
    """Raises StoreError where uvicorn was left to its default, which believes what any program on this machine claims."""
    if PROXY_VARIABLE not in os.environ:
        raise StoreError("网页服务须用 manage.py serve 启动，它会写明信任哪些反向代理（默认都不信任）")


def proxies(addresses: str) -> str:
    """Comma-separated addresses or networks of proxies, checked. Raises ValueError naming the first that is none."""
    kept = [each.strip() for each in addresses.replace("，", ",").split(",") if each.strip()]
    for each in kept:
        try:
            network = ipaddress.ip_network(each, strict=False)
        except ValueError:
            raise ValueError(each) from None
        if network.prefixlen == 0:
            raise ValueError(each)  # everybody is no proxy
    return ",".join(kept)


def url_of(host: str, port: int, *, is_tls: bool = False) -> str:
    """The address to type into a browser on this machine."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "") else "::1" if host == "::" else host
    shown = f"[{shown}]" if ":" in shown else shown
    return f"{'https' if is_tls else 'http'}://{shown}:{port}"


def link_of(key: Key, url: str) -> str:
    """A fresh one-time link to a server at this address."""
    return f"{url}{LINK}?t={make_link_token(key)}"


def wants_link(gate: Gate, *, is_terminal: bool, always: bool) -> bool:
    """Whether the start prints a link: when nobody could sign in without one, and else for somebody who sees it.

    A service's standard error ends in a log that more people read than may administer; there it is printed only when
    there is no other way in, or when asked for.
    """
    return always or is_terminal or not gate.accounts.has_administrator()


def link_line(link: str) -> str:
    """The line that offers the link."""
    return f"首次使用或忘记密码时，用此链接登录（只能用一次，{VALID_S // 60} 分钟内有效）：{link}"


CLEAR_TEXT_WARNING = (
    "警告：没有启用 TLS，密码和数据在网络上明文传输，同一网络中的人可以看到。"
    "请在前面设置带 TLS 的反向代理，并用 --behind-proxy 写明代理的地址（见 docs/operations.md）"
)
