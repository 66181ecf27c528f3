"""Says in Chinese what pydantic found wrong in a data file, naming entries by their id instead of their index."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

TEXTS = {
    "missing": "缺少此项",
    "extra_forbidden": "没有这个键，请检查拼写",
    "string_type": "应为文字",
    "string_too_long": "文字过长，最多 {max_length} 字",
    "string_pattern_mismatch": "“{input}”的写法不符合 {pattern}",
    "literal_error": "“{input}”不在允许的值之内：{expected}",
    "greater_than": "{input} 应大于 {gt:g}",
    "greater_than_equal": "{input} 应不小于 {ge:g}",
    "less_than_equal": "{input} 应不大于 {le:g}",
    "too_short": "至少要有 {min_length} 项",
    "int_type": "“{input}”应为整数",
    "int_parsing": "“{input}”应为整数",
    "int_from_float": "{input} 应为整数",
    "float_type": "“{input}”应为数",
    "float_parsing": "“{input}”应为数",
    "bool_type": "“{input}”应为 true 或 false",
    "bool_parsing": "“{input}”应为 true 或 false",
    "tuple_type": "应为列表",
    "list_type": "应为列表",
    "dict_type": "应为键和值",
    "model_type": "应为键和值",
}


def describe_errors(error: ValidationError, data: Mapping[str, Any]) -> list[str]:
    """One line per fault: where (entry id and field) and what is wrong. `data` is what was validated."""
    return [
        f"{place}：{text}" if (place := _place(fault["loc"], data)) else text for fault, text in _texts(error)
    ]


def _texts(error: ValidationError):
    for fault in error.errors():
        if fault["type"] == "value_error":
            # One validator names several culprits, joined by ；
            yield from ((fault, text) for text in str(fault["ctx"]["error"]).split("；"))
        else:
            template = TEXTS.get(fault["type"], fault["msg"])
            yield fault, template.format(input=fault["input"], **fault.get("ctx", {}))


def _place(location: tuple[str | int, ...], data: Any) -> str:
    """indicators.37.points becomes indicators[T30-02].points."""
    words = ""
    for step in location:
        data = _inside(data, step)
        if isinstance(step, int):
            named = isinstance(data, Mapping) and (data.get("id") or data.get("name") or data.get("article"))
            words += f"[{named or f'第 {step + 1} 个'}]"
        else:
            words += f".{step}" if words else step
    return words


def _inside(data: Any, step: str | int) -> Any:
    try:
        return data[step]
    except (KeyError, IndexError, TypeError):
        return None
