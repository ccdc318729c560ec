"""OpenAI's moderation, asked about what a model wrote before anybody reads it."""

import openai

_MODEL = "omni-moderation-latest"


class OpenAiModeration:
    """Implements ``Moderation``; a call that fails raises, and the check then says no."""

    def __init__(self, *, api_key: str, base_url: str | None, seconds: float) -> None:
        """Ask the moderation at ``base_url``, or at OpenAI when there is none, for ``seconds`` at most."""
        self._client = openai.AsyncOpenAI(
            api_key=api_key or "none", base_url=base_url or None, timeout=seconds, max_retries=1
        )

    async def objects_to(self, text: str) -> str | None:
        """See ``Moderation.objects_to``."""
        result = (await self._client.moderations.create(model=_MODEL, input=text)).results[0]
        if not result.flagged:
            return None
        named = [name for name, flagged in result.categories.model_dump(by_alias=True).items() if flagged]
        return named[0] if named else "flagged"

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.close()
