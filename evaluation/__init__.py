"""Asks the running bot the held-out questions, judges its replies, and reports."""
