"""The pages that a new site begins with: their places in the tree, their texts, and how they are made."""
