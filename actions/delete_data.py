"""Have one's data deleted: when, and what the law keeps."""

import re
from typing import ClassVar

from actions.journey.end import JourneyEnd
from actions.journey.form import JourneyForm
from actions.journey.model import Case, Journey, Sentence
from actions.order_words import day
from backoffice.model.account import DeletionPlan
from backoffice.model.act import Act, Done, Reason, Refusal
from backoffice.model.code import Level


class DeleteData(Journey):
    name = "delete_my_data"
    intents = frozenset({"delete_my_data"})
    access: ClassVar[Level] = Level.CONFIRMED
    about_order = False
    never_means = re.compile(
        r"(?i)^(?!.*\b(?:data|account|everything|profile|all)\b)"
        r".*\b(?:newsletters?|numbers?|phone|cards?|photos?|pictures?|box|subscriptions?"
        r"|(?:don'?t|not) want\b.{0,20}\d{5})\b"
    )
    refusals: ClassVar = {
        Reason.OPEN_BUSINESS: "utter_deletion_open_business",
        Reason.ALREADY_DONE: "utter_deletion_asked_already",
    }

    def preview(self, case: Case) -> DeletionPlan | Refusal:
        return case.backoffice.account.preview_deletion(case.conversation_id)

    def read_back(self, case: Case, plan: DeletionPlan) -> Sentence:
        del case
        return Sentence("utter_read_back_delete_my_data", _words(plan))

    def do(self, case: Case, act: Act, plan: DeletionPlan) -> Done[DeletionPlan] | Refusal:
        return case.backoffice.account.request_deletion(act, agreed_to=plan.token)

    def done(self, case: Case, done: Done[DeletionPlan]) -> Sentence:
        del case
        return Sentence("utter_done_delete_my_data", _words(done.plan))

    def refused(self, case: Case, refusal: Refusal) -> Sentence:
        said = super().refused(case, refusal)
        return Sentence(said.response, {"about": ", ".join(refusal.about)})


def _words(plan: DeletionPlan) -> dict[str, str]:
    return {"done_by": day(plan.done_by), "years": str(plan.invoices_kept_years)}


DELETE_DATA = DeleteData()


class ValidateDeleteDataForm(JourneyForm):
    journey = DELETE_DATA


class ActionDeleteData(JourneyEnd):
    journey = DELETE_DATA
