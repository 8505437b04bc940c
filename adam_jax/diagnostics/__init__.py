"""What is it doing?"""
