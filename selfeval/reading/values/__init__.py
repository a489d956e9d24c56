"""How Chinese numbers, units, dates and comparators are written: the only place that knows.

The text of a cell and what stands beside it enter; a `Target` or an `Actual` leaves, with how it was read, or with
why it was not. `targets` and `actuals` decide what a cell means; they stand on `quantities` (a number with its unit:
12%, 3.2万元), `dates`, `comparators`, `units` (units.toml), `numerals`, `directions`. What is not understood is never
guessed.
"""
