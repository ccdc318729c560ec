"""``/staff/…``: what the desk asks for colleagues, with the secret that Rasa shows, too."""

from typing import Any

import structlog
from pydantic import ValidationError
from sanic import Request, Sanic
from sanic.response import HTTPResponse, json

from actions.bootstrap import staff_help
from actions.staff_help import (
    ApprovalBody,
    ApprovalsBody,
    DraftsBody,
    StaffHelp,
    TranslationBody,
    ValidityBody,
    WithdrawalBody,
)
from answering.errors import AnsweringError, ApprovalRefused

logger = structlog.get_logger()

PREFIX = "/staff/"
_STATUS = {"not_found": 404, "not_possible": 409, "invalid": 422}


def add_staff_routes(app: Sanic) -> None:
    """Add them; each reads its body, calls one function and writes what it gives."""

    def routed(path: str, work: Any) -> None:
        async def handle(request: Request) -> HTTPResponse:
            try:
                return json(await work(staff_help(), request.json))
            except ValidationError as error:
                where = ", ".join(".".join(map(str, one["loc"])) for one in error.errors())
                return _refused(request, 422, "invalid", f"Not readable: {where}.")
            except ApprovalRefused as error:
                return _refused(request, _STATUS[error.kind], error.kind, str(error))
            except AnsweringError as error:
                logger.warning("staff_help.failed", path=path, error=type(error).__name__)
                return _refused(request, 503, "not_possible", type(error).__name__)

        app.add_route(handle, PREFIX + path, methods=["POST"], name=f"staff_{path.replace('/', '_')}")

    routed("drafts", _drafts)
    routed("translations", _translation)
    routed("approvals", _approval)
    routed("approvals/list", _approvals)
    routed("approvals/withdraw", _withdrawal)
    routed("approvals/validity", _validity)

    @app.get(PREFIX + "abilities")  # type: ignore[untyped-decorator]  # sanic ships no usable types
    async def abilities(_: Request) -> HTTPResponse:
        return json({"language_model": staff_help().translator is not None})


async def _drafts(staff: StaffHelp, body: Any) -> dict[str, Any]:
    return {"drafts": await staff.drafts(DraftsBody.model_validate(body))}


async def _translation(staff: StaffHelp, body: Any) -> dict[str, Any]:
    asked = TranslationBody.model_validate(body)
    if staff.translator is None:
        raise NoLanguageModel
    text = await staff.translator.translate(asked.text, asked.to, conversation_id=asked.conversation_id)
    return {"text": text}


async def _approval(staff: StaffHelp, body: Any) -> dict[str, Any]:
    return {"number": await staff.approve(ApprovalBody.model_validate(body))}


async def _approvals(staff: StaffHelp, body: Any) -> dict[str, Any]:
    return await staff.approvals(ApprovalsBody.model_validate(body))


async def _withdrawal(staff: StaffHelp, body: Any) -> dict[str, Any]:
    return await staff.withdraw(WithdrawalBody.model_validate(body))


async def _validity(staff: StaffHelp, body: Any) -> dict[str, Any]:
    return await staff.hold_until(ValidityBody.model_validate(body))


class NoLanguageModel(AnsweringError):
    """Nothing is set up that translates."""


def _refused(request: Request, status: int, kind: str, message: str) -> HTTPResponse:
    return json({"error": {"type": kind, "message": message, "request_id": str(request.id)}}, status)
