"""The audit log: written, read, exported, and held against its signed end."""
