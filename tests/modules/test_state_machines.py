"""The state machines of the selling modules, written out: whoever moves a verb sees it here in review."""

from __future__ import annotations

from guantong.engine.objects.registry import all_objects
from guantong.engine.objects.spec import VerbSpec

MACHINES = {
    "payment_terms": {
        "retire": "active -> retired",
        "reinstate": "retired -> active",
    },
    "customers": {
        "assign": "any",
        "rename": "active blocked",
        "set_credit": "active blocked",
        "block": "active -> blocked",
        "unblock": "blocked inactive -> active",
        "retire": "active -> inactive",
    },
    "bank_accounts": {
        "shut": "active -> closed",
    },
    "contacts": {
        "leave": "active -> left",
        "move_to": "left active -> active",
        "correct_phone": "any",
    },
    "invoice_titles": {
        "retire": "active -> retired",
    },
    "products": {
        "retire": "active -> retired",
        "reinstate": "retired -> active",
    },
    "price_books": {
        "activate": "draft retired -> active",
        "retire": "active -> retired",
    },
    "pipelines": {
        "make_default": "active",
        "step_aside": "any (internal)",
        "retire": "active -> retired",
        "reinstate": "retired -> active",
    },
    "stages": {
        "retire": "active -> retired",
        "reinstate": "retired -> active",
    },
    "opportunities": {
        "advance": "open",
        "win": "open -> won",
        "lose": "open -> lost",
        "reopen": "won lost -> open",
        "assign": "open",
        "set_amount": "open (internal)",
    },
    "leads": {
        "work": "new -> working",
        "qualify": "new working -> qualified",
        "convert": "qualified -> converted",
        "unconvert": "converted -> qualified",
        "lose": "new working qualified -> lost",
        "reopen": "lost -> working",
        "assign": "new working qualified",
    },
    "activities": {
        "complete": "open -> done",
        "reopen": "done -> open",
        "follow_up": "open done -> open",
    },
    "quotes": {
        "start_version": "open (internal)",
        "accept": "open -> accepted (internal)",
        "decline": "open -> declined",
        "expire": "open -> expired",
        "reopen": "declined expired -> open",
        "assign": "open",
    },
    "quote_versions": {
        "send": "draft -> sent",
        "accept": "sent -> accepted",
        "stand_alone": "sent (internal)",
        "supersede": "sent -> superseded (internal)",
        "decline": "sent -> declined",
        "withdraw": "draft sent -> withdrawn",
        "revise": "any",
        "hand_over": "any (internal)",
    },
    "orders": {
        "confirm": "draft -> confirmed",
        "check_credit": "draft confirmed held",
        "hold": "confirmed -> held",
        "release": "held -> confirmed",
        "cancel": "draft confirmed held -> cancelled",
        "set_delivered": "confirmed held completed (internal)",
        "set_invoiced": "confirmed held completed (internal)",
        "complete": "confirmed held -> completed (internal)",
        "resume": "completed -> confirmed (internal)",
    },
}


def drawn(verb: VerbSpec) -> str:
    """`open -> won (internal)`; without an arrow the state is kept."""
    to = f" -> {verb.to}" if verb.to else ""
    return f"{' '.join(verb.sources) or 'any'}{to}{' (internal)' if verb.internal else ''}"


def test_the_machines_are_as_drawn() -> None:
    found = {
        plural: {verb.name: drawn(verb) for verb in all_objects()[plural].verbs.values()}
        for plural in MACHINES
    }
    assert found == MACHINES


def test_undo_leads_back() -> None:
    for plural in MACHINES:
        verbs = all_objects()[plural].verbs
        for verb in verbs.values():
            if verb.undo and verb.undo != verb.name:  # a hand-over is its own inverse
                assert verb.to in verbs[verb.undo].sources and verbs[verb.undo].to in verb.sources, (
                    plural,
                    verb.name,
                )
