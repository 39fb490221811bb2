"""The board's screens, one module a screen."""
