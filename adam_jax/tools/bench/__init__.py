"""How exact, how fast, against whom?"""
