"""Rules, channels and the durable outbox of alerts, and their delivery."""
