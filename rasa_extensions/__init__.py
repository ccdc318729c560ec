"""What runs inside Rasa: the intent component, whole and honest turns, the REST door. Python 3.10.

``install`` is called by every module of this package that Rasa imports by name (component, channel), so that
``rasa run``, ``rasa shell`` and ``rasa train`` all see the same behaviour. Importing alone changes nothing.
"""
