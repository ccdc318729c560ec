"""When a person is the better answer: pure functions, read by Rasa's policy and by the action server alike.

``model`` says what is looked at and what is decided, ``rules`` decides, ``history`` reads a conversation's events,
``words`` reads a message. Every number stands in ``thresholds.ini``, every word in ``words.ini``.
"""
