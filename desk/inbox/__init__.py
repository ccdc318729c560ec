"""What agents do: queues, conversations, notes, replies."""
