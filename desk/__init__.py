"""The front door: customers' conversations kept, answered through Rasa, handed to people. See docs/gateway.md."""
