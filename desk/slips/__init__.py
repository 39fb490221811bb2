"""The papers that the desk prints: content, setting, and what they are made from."""
