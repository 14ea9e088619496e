"""Imports only: where Django looks for the tables of this room."""

from guantong.engine.events.event import Event, EventObject, IdempotentReply, Outbox

__all__ = ["Event", "EventObject", "IdempotentReply", "Outbox"]
