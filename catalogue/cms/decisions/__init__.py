"""The screens of decisions: what each changes, its effect before it is approved, and the approval."""
