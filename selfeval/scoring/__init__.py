"""(Project, Rules) → Scorecard."""
