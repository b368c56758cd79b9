"""Telegram: docs/channels/telegram.md."""
