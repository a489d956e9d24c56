"""Rule profiles: what a profile says, how it is loaded, the closed set of formulas."""
