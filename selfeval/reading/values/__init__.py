"""How Chinese numbers, units and dates are written: the only place that knows."""
