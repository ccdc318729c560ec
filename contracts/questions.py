"""Whether a message asks something, by how it begins: customers seldom type a question mark.

"can you cancel it" and "may I have a bag" are orders in the form of a question, and count as none.
"""

import re

_FILLER = (
    r"(?:(?:ok(?:ay)?|k|yes|yeah|yep|yup|no|nope|nah|sure|right|alright|all right|fine|great|cool|good|"
    r"thanks|thank you|thx|hmm+|um+|oh|ah|hi|hello|hey|so|and|but|also|well|wait|then|now|please|sorry|just|hold on|"
    r"one more thing|quick question)\b[\s,.!:;…–-]*)*"
)
_ASKING_WORD = (
    r"(?:(?:until|till|since|for|to|at|by|with|from|in|on|of|about) )?"
    r"(?:what(?!\s+an?\b)|whats|when|where|wheres|which|who|whose|whom|why(?!\s+not\b)|"
    r"how(?!\s+(?:nice|lovely|kind|sweet|rude|dare|awful|annoying|funny|great|good of|are you|r u)\b)|hows)(?:'\w+)?\b"
)
_HELPING_VERB = (
    r"(?:do|does|did|don'?t|doesn'?t|didn'?t|is|isn'?t|are|aren'?t|was|wasn'?t|were|will|won'?t|would|wouldn'?t|has|hasn'?t|"
    r"have|haven'?t|may|should|shouldn'?t|shall|could|couldn'?t|can|can'?t)"
)
_SUBJECT = (
    r"(?:i|you|u|ya|we|it|they|he|she|that|this|these|those|there|the|my|our|your|ur|his|her|an?|any|anyone|anybody|"
    r"someone|somebody|everything|something)\b"
)
_NO_QUESTION = r"(?:(?:do|have) (?:it|that|this|so|an? (?:nice|good|great|lovely))\b|will do\b)"
_ORDER = re.compile(
    r"(?i)^\W*" + _FILLER + r"(?:(?:can|could|would) (?:you|u|ya) (?!tell|explain|say)"
    r"|(?:can|could|may) (?:i|we) (?:please |just |also |maybe |then )*(?:have|get|cancel|return|change|move|"
    r"book|order|speak|talk|swap|exchange|pause|skip|send|see|add|make|pay|buy|stop|keep|take|pick|reschedule|report|end|quit)\b)"
)
_ASKS = re.compile(rf"(?i)^\W*{_FILLER}(?!{_NO_QUESTION})(?:{_ASKING_WORD}|{_HELPING_VERB}\s+{_SUBJECT})")
_COMPARES = re.compile(
    r"(?i)\b(?:what|which(?: one)?)(?:'?s| is)?\s+(?:the )?"
    r"(?:faster|quicker|better|cheaper|easier|best|fastest|cheapest)\b"
)


def asks(text: str) -> bool:
    """Whether the words begin as a question, after any "ok", "yes but" or "thanks": "ok how long does it take"."""
    plain = text.replace("’", "'")
    if _COMPARES.search(plain):
        return True
    return bool(_ASKS.search(plain)) and not _ORDER.search(plain)
