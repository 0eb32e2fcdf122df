"""Messages about musical time: what waits for a beat, the conductor's plan, scenes kept by the server."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from legato.control.scenes import SLOTS
from legato.control.state import FIELDS


class Message(BaseModel):
    """What a client may send: no other fields, no other kinds of value."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, strict=True)


class Quantise(Message):
    """When changes take effect that do not say so themselves; held notes always sound at once."""

    type: Literal["quantise"]
    default: Literal["now", "beat", "bar"]


class Cancel(Message):
    """Withdraw what waits for a beat or bar: these controls, or all."""

    type: Literal["cancel"]
    fields: Annotated[list[Literal[FIELDS]], Field(min_length=1)] | None = None  # type: ignore[valid-type]


class Plan(BaseModel):
    """An order to the conductor; `PlanOrder.of` judges it."""

    type: Literal["plan"]
    order: dict[str, Any]


class Scene(Message):
    """A scene of the server's: recall it, or replace what its slot holds."""

    type: Literal["scene"]
    action: Literal["recall", "store", "clear"]
    slot: Annotated[int, Field(ge=0, lt=SLOTS)]
    quantise: Literal["now", "beat", "bar"] | None = None
    scene: dict[str, Any] | None = None  # what to store, as the page writes it to a file
