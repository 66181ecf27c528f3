"""Finds regions by what people write: a GB/T 2260 code, a name, or a path of names such as 哈尔滨市/道里区."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.layout import plain
from data.regions import Region

_SEPARATORS = re.compile(r"[/\\>\-—、,，·|]+")
_CODE = re.compile(r"(\d{6})(?:\.0|0{6})?")


class RegionNames:
    """An index of regions; several regions may answer to one name (向阳区 is in two prefectures)."""

    def __init__(self, regions: Sequence[Region]):
        self.by_code = {region.code: region for region in regions}
        self.by_name: dict[str, list[str]] = {}
        for region in regions:
            for key in {_key(path) for path in self._paths(region)}:
                self.by_name.setdefault(key, []).append(region.code)

    def find(self, text: str) -> list[str]:
        """Codes of the regions that the text can mean; none, one, or several of the same name."""
        key = _key(text)
        if match := _CODE.fullmatch(key):
            return [match[1]] if match[1] in self.by_code else []
        return self.by_name.get(key, [])

    def path(self, code: str) -> str:
        """Names from the prefecture down, as 哈尔滨市/道里区; the province alone as itself."""
        return "/".join(self._names(self.by_code[code])[1:] or self._names(self.by_code[code]))

    def paths(self) -> list[str]:
        """The path of every region, in the order they were given."""
        return [self.path(code) for code in self.by_code]

    def _names(self, region: Region) -> list[str]:
        above = self._names(self.by_code[region.parent]) if region.parent in self.by_code else []
        return [*above, region.name]

    def _paths(self, region: Region) -> list[str]:
        names = self._names(region)
        return ["".join(names[start:]) for start in range(len(names))]


def _key(text: str) -> str:
    return plain(_SEPARATORS.sub("", text))
