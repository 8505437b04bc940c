"""What does it look like at work?  A walk down a bowl and a small training run, for `python -m adam_jax`."""
