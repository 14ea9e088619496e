"""Document numbers from counter rows: gap-free series (drawn last, when posted) and loose ones."""

from guantong.engine.numbering.series import Series

__all__ = ["Series"]
