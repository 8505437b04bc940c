"""How do I convert from and to Optax and PyTorch?"""
