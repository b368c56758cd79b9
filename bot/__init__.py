"""The Rasa server process: command line, understanding (nlu), safety gate, channels."""
