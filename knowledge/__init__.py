"""The reviewed documents, the table built from them, and everything that answers from it.

Imports neither rasa nor rasa_sdk, so that facts and citations can be tested and shown alone.
"""
