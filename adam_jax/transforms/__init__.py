"""Optax's contract: one file per gradient transformation."""
