"""From JSON Lines to rows: ``load.load`` is what the command calls.

``files`` and ``lines`` read, ``checks`` and ``rows`` hold one row to its rules, ``kinds`` says what there is to
load, ``staging`` speaks to the database in bulk, ``store`` puts rows into their tables.
"""
