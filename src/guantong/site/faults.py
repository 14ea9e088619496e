"""How a command says no: one clear sentence and an exit code. The business refuses with `base.errors`."""

from __future__ import annotations

USAGE = 2
RIGHT = 3
DATABASE = 4
ABSENT = 5


class Stop(Exception):
    """A command cannot go on; the sentence says why and what to do, the code is what the shell sees."""

    def __init__(self, sentence: str, code: int = 1) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
