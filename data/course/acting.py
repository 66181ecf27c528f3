"""Whose hand it is: the stage at which somebody reviews, and what each of the year's moves asks for (procedure/)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from data.failures import UNTOUCHED, StoreError
from data.model import Stage, Unit
from data.regions import PROVINCE, is_within, prefecture_of, regions_by_code
from data.scoped import ScopedStore
from data.store import Store
from data.transaction import Transaction
from procedure.machine import Hand, Machine, MoveError, Need

STAGES: tuple[Stage, ...] = ("county", "prefecture", "province")
STAGE_NAMES: dict[Stage, str] = {"county": "县级初审", "prefecture": "市级复核", "province": "省级终评"}
STAGE_OF_LEVEL: dict[str, Stage] = {
    "county": "county",
    "zone": "county",
    "prefecture": "prefecture",
    "province": "province",
}
LEVEL_NAMES: dict[Stage, str] = {"county": "县级", "prefecture": "市级", "province": "省级"}
# By whom something was done, for everybody who may see it: a level or the unit, never an account.
HAND_OF_ROLE = {**LEVEL_NAMES, "administrator": "省级", "unit": "填报单位"}
EVALUATORS = frozenset({"administrator", "province", "prefecture", "county"})


class OutOfHandError(StoreError):
    """Somebody would act on what is not in their scope, or not theirs to do."""


def stages_of(region: str) -> tuple[Stage, ...]:
    """The stages that a unit registered in a region goes through, the lowest first."""
    return STAGES[STAGES.index(STAGE_OF_LEVEL[regions_by_code()[region].level]) :]


def region_of_stage(region: str, stage: Stage) -> str:
    """The region whose stage a unit's is: its county, its prefecture, the province. Raises KeyError."""
    return {"county": region, "prefecture": prefecture_of(region), "province": PROVINCE}[stage]


def own_stage(store: Store | ScopedStore) -> Stage:
    """The stage at which this reader reviews; whoever holds the whole folder reviews for the province."""
    region = store.scope.region if isinstance(store, ScopedStore) else PROVINCE
    return STAGE_OF_LEVEL[regions_by_code()[region].level]


def hands_over(store: Store | ScopedStore, *, region: str, unit: str) -> set[Hand]:
    """What this reader is to a unit: itself, an evaluator of it, the province; empty where it is none of these."""
    if not isinstance(store, ScopedStore):
        return {"evaluator", "province"}
    if store.scope.unit:
        return {"unit"} if store.scope.unit == unit else set()
    if store.actor.role not in EVALUATORS or not is_within(region, store.scope.region):
        return set()
    return {"evaluator", "province"} if own_stage(store) == "province" else {"evaluator"}


def hands_at(store: Store | ScopedStore, *, region: str, stage: Stage) -> set[Hand]:
    """What this reader is to a stage of the region it belongs to: its own level, or one above.

    Nobody stands above the province: it is both to its own stage.
    """
    hands = hands_over(store, region=region, unit="")
    if "evaluator" not in hands:
        return set()
    mine = STAGES.index(own_stage(store))
    at = STAGES.index(stage)
    found: set[Hand] = {"evaluator"} | hands
    if mine == at:
        found.add("own")
    if mine > at or own_stage(store) == "province":
        found.add("above")
    return found


def acted(transaction: Transaction) -> dict[str, Any]:
    """The columns that say who did something and when."""
    return {
        "account": transaction.actor.account,
        "role": transaction.actor.role,
        "recorded_at": transaction.at,
    }


def registered_unit(store: Store | ScopedStore, *, cycle: int, unit: str) -> Unit:
    """A unit that this reader can act on. Raises OutOfHandError where it is not registered, or not in the scope."""
    found = store.unit(cycle=cycle, code=unit)
    if found is None:
        raise out_of_hand(f"{cycle} 年度名册中没有单位 {unit}，或者它不在您的管辖范围")
    return found


def moved(
    machine: Machine,
    state: str | None,
    move: str,
    *,
    hands: Collection[Hand],
    given: Collection[Need] = (),
    about: str = "",
) -> str:
    """`Machine.after` as everything that writes asks it; `about` names what it is about where that is not plain.

    Raises StoreError, and OutOfHandError for who has no hand in it at all.
    """
    try:
        return machine.after(state, move, hands=hands, given=given)
    except MoveError as error:
        text = f"{about}：{error}" if about else str(error)
        raise (refuse if hands else out_of_hand)(text) from error


def out_of_hand(text: str) -> OutOfHandError:
    """`refuse`, where somebody would act on what is not theirs."""
    return OutOfHandError(str(refuse(text)))


def refuse(text: str) -> StoreError:
    """A refusal to be raised: what is wrong, and that nothing was changed."""
    return StoreError(f"{text}。{UNTOUCHED}")
