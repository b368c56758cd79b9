"""Turns a patient's message into a vector of its meaning, with all-MiniLM-L6-v2."""
