"""The chat on the clinic's website: tokens, conversations, limits, wire format, widget."""
