"""Guantong (贯通): the lead-to-cash platform. Floors, from the ground: base, engine, modules, insight, site."""
