"""How do I move in or out?"""
