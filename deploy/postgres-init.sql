-- Conversations have a data base of their own beside the back office's (POSTGRES_DB).
CREATE DATABASE rasa;
