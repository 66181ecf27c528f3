"""The last slide: how the numbers are made, and that the weights are examples."""

from __future__ import annotations

from functools import partial

from meeting.material import Material
from meeting.slides.common import Planned, planned
from reporting.deck_spec import Lines, Placed


def method(material: Material) -> list[Planned]:
    """Material.method, and what every number of the deck means, in lines."""
    return [planned("数据与方法", partial(_tell, material))]


def _tell(material: Material) -> tuple[str, tuple[Placed, ...]]:
    d = material.decimals
    meanings = [
        f"得分按方案由指标得分率和分值计算，保留 {d} 位小数；地区得分由所辖单位汇总，不是下级得分的平均。",
        "失分为 100 分与得分之差按指标、未提交、扣分、否决逐项分解，各项相加等于差额；印出的各项按最大余数法取舍，相加等于印出的得分。",
        "名次按印出的得分在全省同级地区中排定，同分并列；截止前不排名次。",
    ]
    said = f"{material.scheme.weights_note.rstrip('。')}。"
    texts = [line for line in material.method if line != material.scheme.weights_note]
    return said, (Placed(Lines((*texts, *meanings))),)
