"""Slack: docs/channels/slack.md."""
