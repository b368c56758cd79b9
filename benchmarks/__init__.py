"""Measures the bot beside the bot of `rasa init`, and the table at scale; README.md says how."""
