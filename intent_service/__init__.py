"""What a customer wants: intents, scope, entities, tone and embeddings of messages, over HTTP."""
