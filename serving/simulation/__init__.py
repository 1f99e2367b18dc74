"""Scenarios for the API and the console: checked, lived by a process of their own, and kept in the database."""
