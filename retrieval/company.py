"""What belongs to the company itself, read without loading the index's libraries."""

from privacy.personal_data import PersonalData
from retrieval.settings import RetrievalSettings


def personal_data_from(settings: RetrievalSettings) -> PersonalData:
    """What is personal data to this company, and what is its own."""
    domains = (domain.strip().lower() for domain in settings.company_domains.split(","))
    numbers = ("+" + "".join(filter(str.isdigit, number)) for number in settings.company_phones.split(","))
    addresses = (line.strip().casefold() for line in settings.company_addresses.split(";"))
    return PersonalData(
        frozenset(filter(None, domains)), frozenset(numbers), settings.phone_region, frozenset(filter(None, addresses))
    )
