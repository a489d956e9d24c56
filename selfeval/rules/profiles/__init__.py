"""The shipped rule profiles: one TOML file per issuer."""
