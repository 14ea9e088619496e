"""Tables only: what happened (append-only), to which objects, and what still has to react."""
