"""Who may change the catalogue, and whose approval a change needs before readers see it."""
