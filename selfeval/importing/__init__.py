"""Approved forms of any make → the evaluation's own tables.

One reader per source format (`text`, `sheets`, `old_sheets`, `word`, `pdf`) makes the same neutral lines (`grid`); one
form-understander (`understand`, with `fields`, `funds`, `indicators`) reads those; `assemble` makes the tables, `merge`
joins them with what is there, `writing` and `report` put them down. `run.import_forms` is the way in.
"""
