"""Facebook Messenger: docs/channels/messenger.md."""
