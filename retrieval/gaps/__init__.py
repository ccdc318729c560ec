"""Questions that found nothing: written down without personal data, put together by what they ask."""
