"""What a rectification task can come from, as it stands in kept rows and on screens."""

from __future__ import annotations

from typing import Literal

Source = Literal["gap", "hazard", "finding"]
SOURCE_NAMES: dict[Source, str] = {"gap": "核定的短板", "hazard": "检查发现的隐患", "finding": "认定事项"}
