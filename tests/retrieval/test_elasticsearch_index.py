"""The Elasticsearch engine on a real node: the contract."""

import pytest

from tests.retrieval.knowledge_index_contract import KnowledgeIndexContract

pytestmark = [pytest.mark.server, pytest.mark.elasticsearch]


class TestElasticsearchIndex(KnowledgeIndexContract):
    """The contract on a real node."""

    @pytest.fixture
    def publish(self, elasticsearch_publish: object) -> object:
        return elasticsearch_publish
