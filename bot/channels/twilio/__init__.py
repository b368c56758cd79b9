"""Text messages and WhatsApp, both by Twilio: docs/channels/sms.md and whatsapp.md."""
