"""What changed between two submissions and why: `matching` finds the pairs, `changes` judges them, the rest tells."""
