"""Which installed browser draws pictures: the one named in the environment, else the first Chromium, Chrome or Edge found."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

VARIABLE = "ASSESSMENT_BROWSER"
# On the path, the usual ones first; of the last ones (UOS, 360, 奇安信) only newer releases can be driven.
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
    "microsoft-edge-stable",
    "microsoft-edge",
    "msedge",
    "uos-browser-stable",
    "browser360-cn-stable",
    "qaxbrowser-safe-stable",
)
UNIX_FILES = ("/opt/google/chrome/chrome", "/opt/microsoft/msedge/msedge", "/snap/bin/chromium")
MAC_FILES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
WINDOWS_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")  # variables that name them
WINDOWS_FILES = (
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
    "Chromium/Application/chrome.exe",
)


class NoBrowser(RuntimeError):
    """There is no browser that could draw pictures; in Chinese, with what to do and what works without one."""


def find_browser(environment: Mapping[str, str] | None = None, *, system: str = sys.platform) -> str:
    """The path of the browser. Raises NoBrowser where none is found, or where the one named in the environment is not there."""
    environment = os.environ if environment is None else environment
    path = environment.get("PATH", "")
    if named := environment.get(VARIABLE, "").strip().strip('"'):
        if found := shutil.which(named, path=path):
            return found
        raise NoBrowser(
            f"环境变量 {VARIABLE} 指定的浏览器不存在或不能运行：{named}。"
            "请改为浏览器程序文件的完整路径，或删去该变量，由系统自行查找"
        )
    for name in NAMES:
        if found := shutil.which(name, path=path):
            return found
    for file in _usual_files(environment, system):
        if os.access(file, os.X_OK) and Path(file).is_file():
            return str(file)
    raise NoBrowser(
        "图片要由服务器上的浏览器画出，但没有找到 Chromium、Chrome 或 Edge。"
        "请在服务器上安装其中一种（Debian、统信：apt install chromium；Windows 自带 Edge），"
        f"或用环境变量 {VARIABLE} 写明浏览器程序文件的完整路径，再重新启动。"
        "没有浏览器时，幻灯片、通报、表格照常生成，页面上每张图也可以单独下载为图片"
    )


def _usual_files(environment: Mapping[str, str], system: str) -> Iterator[Path | str]:
    if system == "darwin":
        yield from MAC_FILES
    elif system == "win32":
        for variable in WINDOWS_FOLDERS:
            if folder := environment.get(variable):
                yield from (Path(folder) / file for file in WINDOWS_FILES)
    else:
        yield from UNIX_FILES
