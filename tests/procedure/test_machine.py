"""Every machine is sound, and lets nothing happen that its table does not have."""

from __future__ import annotations

from itertools import product

import pytest

from procedure.machine import HAND_NAMES, NEED_NAMES, MoveError
from procedure.machines import MACHINES

HANDS = tuple(HAND_NAMES)
NEEDS = tuple(NEED_NAMES)
STEPS = [
    pytest.param(machine, state, move, hand, id=f"{machine.id}-{state}-{move.id}-{hand}")
    for machine in MACHINES
    for state, move, hand in product((None, *(s.id for s in machine.states)), machine.moves, HANDS)
]


@pytest.mark.parametrize(("machine", "state", "move", "hand"), STEPS)
def test_a_move_is_made_from_its_states_by_its_hands_and_from_nowhere_else(machine, state, move, hand):
    is_from_here = not move.sources if state is None else state in move.sources
    if is_from_here and hand in move.by:
        after = machine.after(state, move.id, hands=[hand], given=NEEDS)
        assert after == (move.target or state)
        assert after in machine.state_names
    else:
        with pytest.raises(MoveError, match=machine.name):
            machine.after(state, move.id, hands=[hand], given=NEEDS)


@pytest.mark.parametrize(
    ("machine", "move", "missing"),
    [(machine, move, need) for machine in MACHINES for move in machine.moves for need in move.needs],
    ids=lambda value: getattr(value, "id", value),
)
def test_a_move_without_what_it_needs_is_refused_and_says_what_is_missing(machine, move, missing):
    state = move.sources[0] if move.sources else None
    with pytest.raises(MoveError, match=NEED_NAMES[missing]):
        machine.after(state, move.id, hands=move.by, given=set(move.needs) - {missing})


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.id)
def test_every_state_is_named_once_and_can_be_reached(machine):
    ids = [state.id for state in machine.states]
    assert len(set(ids)) == len(ids) == len({state.name for state in machine.states})
    assert len({move.id for move in machine.moves}) == len(machine.moves)
    named = {state for move in machine.moves for state in (*move.sources, move.target) if state}
    assert named <= set(ids)
    begun = {move.target for move in machine.moves if move.begins} or {ids[0]}
    if machine.id == "ruling":
        begun = {"claimed", "na_claimed"}  # as the unit's answer is
    while more := {
        move.target
        for move in machine.moves
        if move.target and set(move.sources) & begun and move.target not in begun
    }:
        begun |= more
    assert begun == set(ids)
