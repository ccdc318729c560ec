-- Conversations have a data base of their own beside the back office's (POSTGRES_DB).
CREATE DATABASE rasa;
-- And so has the gateway.
CREATE DATABASE desk;
