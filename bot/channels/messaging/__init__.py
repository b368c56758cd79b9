"""What all messaging channels share: who may call, what comes in, what goes out.

docs/channels/a-new-channel.md tells how to add one.
"""
