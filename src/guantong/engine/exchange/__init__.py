"""Import (CSV, XLSX in any usual encoding; dry run, error file, undo) and export through one neutralising writer.

Not here: which rows may be written and how. Imports write through `engine.door` like everybody else.
"""
