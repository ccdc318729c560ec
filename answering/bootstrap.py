"""The composition root of the answering room."""

from answering.adapters.approved_store import ApprovedStore
from answering.approved import ApprovedRung
from answering.cache import AnswerCache
from answering.generation.generator import GroundedGenerator
from answering.generation.handoff_summary import ModelSummaries
from answering.generation.ports import Privacy
from answering.ladder import Ladder
from answering.llm.adapters.moderation import OpenAiModeration
from answering.llm.bootstrap import build_completions, build_reading
from answering.llm.ports import Completions
from answering.passages import Passages
from answering.prompts.library import PromptLibrary, handoff_instructions, shares_of
from answering.quality.doubt import load_forest
from answering.quality.grounding import GroundingCheck
from answering.quality.language import language_of
from answering.quality.ports import QualityCheck, SecondReader
from answering.quality.second_reading import ModelReader
from answering.settings import AnsweringSettings, LanguageModelSettings
from answering.tools.bootstrap import build_toolbox
from answering.translation import Translator
from backoffice.bootstrap import Backoffice
from privacy.masking import Maskings
from retrieval.bootstrap import build_embedder, build_index, utc_now
from retrieval.company import personal_data_from
from retrieval.ports import KnowledgeIndex
from retrieval.settings import RetrievalSettings

_MODERATION_SECONDS = 3.0


def build_ladder(
    settings: AnsweringSettings | None = None,
    retrieval: RetrievalSettings | None = None,
    *,
    backoffice: Backoffice | None = None,
    llm: LanguageModelSettings | None = None,
    completions: Completions | None = None,
) -> Ladder:
    """The ladder over the configured index; close it when the process ends. Opens nothing by itself.

    Without ``backoffice`` a language model, if one is configured, has no tools. ``completions`` are models to share
    with others; without them the ladder has its own.

    Raises:
        ValueError: a setting of the language model cannot be used.
    """
    settings, retrieval = settings or AnsweringSettings(), retrieval or RetrievalSettings()
    approved = ApprovedRung(
        build_approved_store(settings), build_embedder(retrieval), near_at=settings.approved_near_at, now=utc_now
    )
    cache = AnswerCache(settings.cache_size, settings.cache_seconds, now=utc_now)
    index = build_index(retrieval)
    generator = build_generator(llm or LanguageModelSettings(), retrieval, index, backoffice, completions)
    return Ladder(
        index,
        settings,
        now=utc_now,
        approved=approved,
        cache=cache,
        generator=generator,
        passages=Passages(build_embedder(retrieval)),
        hide=personal_data_from(retrieval).hidden,
    )


def build_generator(
    llm: LanguageModelSettings,
    retrieval: RetrievalSettings,
    index: KnowledgeIndex,
    backoffice: Backoffice | None,
    completions: Completions | None = None,
) -> GroundedGenerator | None:
    """The generated rung, or None while no language model is configured."""
    if llm.provider == "off":
        return None
    return GroundedGenerator(
        completions or build_completions(llm, now=utc_now),
        build_quality_check(retrieval, llm),
        PromptLibrary(shares_of(llm.prompts), llm.company),
        build_privacy(retrieval),
        build_toolbox(index, backoffice, now=utc_now) if backoffice else None,
        seconds=llm.seconds,
        history_tokens=llm.history_tokens,
    )


def build_translator(
    llm: LanguageModelSettings, retrieval: RetrievalSettings, completions: Completions
) -> Translator | None:
    """What translates between customers and colleagues, or None while no language model is configured."""
    if llm.provider == "off":
        return None
    return Translator(completions, build_privacy(retrieval), seconds=llm.seconds)


def build_summaries(
    llm: LanguageModelSettings, retrieval: RetrievalSettings, completions: Completions
) -> ModelSummaries | None:
    """Who sums a conversation up for a colleague, or None where that is the template's.

    Raises:
        ValueError: the instructions cannot be used.
    """
    if llm.provider == "off" or not llm.summary_seconds:
        return None
    return ModelSummaries(
        completions,
        build_privacy(retrieval),
        handoff_instructions(llm.summary_prompt, llm.company),
        seconds=llm.summary_seconds,
        tokens=llm.history_tokens,
    )


def build_quality_check(retrieval: RetrievalSettings, llm: LanguageModelSettings | None = None) -> QualityCheck:
    """What stands between a language model and the customer."""
    moderation = None
    if llm and llm.moderation and llm.provider == "openai":
        moderation = OpenAiModeration(
            api_key=llm.key.get_secret_value(), base_url=llm.base_url or None, seconds=_MODERATION_SECONDS
        )
    hosts = frozenset(host.strip().casefold() for host in retrieval.company_domains.split(",") if host.strip())
    return GroundingCheck(
        build_embedder(retrieval, patient=True),
        doubts=load_forest(),
        hosts=hosts,
        language_of=language_of,
        moderation=moderation,
        reader=build_reader(llm) if llm else None,
    )


def build_reader(llm: LanguageModelSettings) -> SecondReader | None:
    """Who reads drafts a second time, or None where no model is named for it."""
    reading = build_reading(llm, now=utc_now)
    return ModelReader(reading, seconds=llm.reader_seconds) if reading else None


def build_privacy(retrieval: RetrievalSettings) -> Privacy:
    """What hides personal data from language models."""
    return Maskings(personal_data_from(retrieval))


def build_approved_store(settings: AnsweringSettings) -> ApprovedStore:
    """Where staff's answers are kept."""
    return ApprovedStore(settings.approved, now=utc_now)
