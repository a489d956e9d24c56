"""A grid of cells → a draft of what the form says.

Lines of cells enter; fields, funds and indicators leave, each with the cells it came from, and what was not
understood. `understand` goes from line to line, asks whose part of the form a line is and where a table ends (`state`
remembers); `fields` and `funds` read what stands above the indicators, `headings` says which column holds what,
`indicators` reads the rows, leaves out sums (合计) and tells the line that no longer belongs; `levels`, `alignment` and
`column_content` put slipped cells right.
"""
