"""A grid of cells → a draft of what the form says.

Lines of cells enter; fields, funds and indicators leave, each with the cells it came from, and what was not
understood.
"""
