"""One array: Adam's arithmetic, and how its moments and weights are stored."""
