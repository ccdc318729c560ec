"""What a customer sees: the chat on the demo shop, on a desk and on a phone."""

from __future__ import annotations

from scripts.pictures.studio import PHONE, Studio
from scripts.pictures.visitor import Visitor


def take(studio: Studio, shop: str) -> None:
    """chat.png, chat-phone.png."""
    visitor = Visitor(studio, shop, email="cian.murphy@example.org")
    visitor.say("Where is my order 10047?", "Can I collect my order from the showroom?")
    studio.take(visitor.page, "chat")
    visitor.leave()
    visitor = Visitor(studio, shop, size=PHONE, email="declan.hayes@example.com")
    visitor.say("Where is my order 10031?")
    studio.take(visitor.page, "chat-phone")
    visitor.leave()
