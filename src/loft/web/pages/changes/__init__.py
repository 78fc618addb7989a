"""The pages of changes and value."""
