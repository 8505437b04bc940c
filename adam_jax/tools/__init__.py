"""What `python -m adam_jax` runs: measurements, demonstrations, the page of explain."""
