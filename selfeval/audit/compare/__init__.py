"""What changed between two submissions, and why.

Two submissions enter; a comparison leaves, as text, JSON or a page: `match` finds the pairs, `diff` judges them, the
rest tells.
"""
