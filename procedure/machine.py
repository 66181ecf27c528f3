"""A state machine as data: its states, its moves, whose hand makes each, and what must be given with it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

# Whose hand: the unit itself; an evaluator whose scope holds the unit; the level whose stage or ruling it is; a level
# above that one (the province stands above itself, nobody else does); the province.
Hand = Literal["unit", "evaluator", "own", "above", "province"]
Need = Literal["reason", "document", "deadline", "date", "value", "proof"]

HAND_NAMES: dict[Hand, str] = {
    "unit": "填报单位",
    "evaluator": "考核人员（单位在其范围内）",
    "own": "本级考核人员",
    "above": "上级考核人员",
    "province": "省级考核人员",
}
NEED_NAMES: dict[Need, str] = {
    "reason": "理由",
    "document": "文号",
    "deadline": "期限",
    "date": "日期",
    "value": "核定值",
    "proof": "证明材料",
}


class MoveError(ValueError):
    """A move that the machine does not have from this state, for this hand, or without what it needs; in Chinese."""


@dataclass(frozen=True)
class State:
    """Where something can stand; `note` says in a sentence what that means for the score or the people."""

    id: str
    name: str
    note: str = ""


@dataclass(frozen=True)
class Move:
    """How something gets from one of `sources` (none: it begins) to `target` (None: it stays where it is)."""

    id: str
    name: str
    sources: tuple[str, ...]
    target: str | None
    by: tuple[Hand, ...]
    needs: tuple[Need, ...] = ()
    place: str = ""

    @property
    def begins(self) -> bool:
        """Whether the move starts something that was not there."""
        return not self.sources


@dataclass(frozen=True)
class Machine:
    """States and moves of one kind of thing; ids keep their meaning for ever, they stand in kept rows."""

    id: str
    name: str
    about: str
    states: tuple[State, ...]
    moves: tuple[Move, ...]

    @cached_property
    def state_names(self) -> dict[str, str]:
        """State id → Chinese name."""
        return {state.id: state.name for state in self.states}

    @cached_property
    def move_names(self) -> dict[str, str]:
        """Move id → Chinese name."""
        return {move.id: move.name for move in self.moves}

    def move(self, id: str) -> Move:
        """A move by its id. Raises MoveError."""
        for move in self.moves:
            if move.id == id:
                return move
        raise MoveError(f"{self.name}没有“{id}”这一步")

    def moves_from(self, state: str | None, *, hands: Collection[Hand]) -> tuple[Move, ...]:
        """The moves that one of these hands may make from a state; None: those that begin."""
        return tuple(
            move
            for move in self.moves
            if (move.begins if state is None else state in move.sources)
            and not set(move.by).isdisjoint(hands)
        )

    def after(
        self, state: str | None, move: str, *, hands: Collection[Hand], given: Collection[Need] = ()
    ) -> str:
        """The state after a move. Raises MoveError saying why it cannot be made: state, hand, or what is missing."""
        step = self.move(move)
        if not (step.begins if state is None else state in step.sources):
            raise MoveError(self._not_from(step, state))
        if set(step.by).isdisjoint(hands):
            who = "、".join(HAND_NAMES[hand] for hand in step.by)
            raise MoveError(f"{self.name}：“{step.name}”只能由{who}办理")
        if missing := [NEED_NAMES[need] for need in step.needs if need not in given]:
            raise MoveError(f"{self.name}：“{step.name}”须写明{'、'.join(missing)}")
        return step.target or state

    def _not_from(self, step: Move, state: str | None) -> str:
        if state is None:
            return f"{self.name}：尚未开始，不能“{step.name}”"
        now = self.state_names.get(state, state)
        if step.begins:
            return f"{self.name}：已经是“{now}”，不能再“{step.name}”"
        sources = "、".join(self.state_names[source] for source in step.sources)
        return f"{self.name}：现在是“{now}”，不能“{step.name}”（只能在{sources}时）"
