"""Every action the audit trail can hold; an unknown one cannot be recorded."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """``subject:verb``, in the field's words."""

    INSTALLATION_CREATE = "installation:create"

    PERSON_CREATE = "person:create"
    PERSON_CHANGE = "person:change"
    PERSON_DEACTIVATE = "person:deactivate"
    PERSON_REACTIVATE = "person:reactivate"
    PERSON_SET_PASSWORD = "person:set-password"  # noqa: S105 - a name, not a password
    PERSON_SET_PASSWORD_FAILED = "person:set-password-failed"  # noqa: S105
    PERSON_SIGN_IN = "person:sign-in"
    PERSON_SIGN_IN_FAILED = "person:sign-in-failed"
    PERSON_SIGN_OUT = "person:sign-out"
    PERSON_LOCKED = "person:locked"
    PERSON_REFUSED = "person:refused"

    SIGNATURE_GIVE = "signature:give"
    SIGNATURE_FAILED = "signature:failed"

    LABEL_IMPORT = "label:import"
    PRODUCT_CREATE = "product:create"
    PRODUCT_CHANGE = "product:change"

    CLAIM_IMPORT = "claim_version:import"
    CLAIM_REST_ANEW = "claim_version:rest-anew"
    CLAIM_SUBMIT = "claim_version:submit"
    CLAIM_RECALL = "claim_version:recall"
    CLAIM_DECIDE = "claim_version:decide"
    CLAIM_APPROVE = "claim_version:approve"
    CLAIM_SUPERSEDE = "claim_version:supersede"
    CLAIM_WITHDRAW = "claim_version:withdraw"

    MODULE_CREATE = "module_version:create"
    MODULE_IMPORT = "module_version:import"
    MODULE_CHANGE = "module_version:change"
    MODULE_SUBMIT = "module_version:submit"
    MODULE_RECALL = "module_version:recall"
    MODULE_DECIDE = "module_version:decide"
    MODULE_APPROVE = "module_version:approve"
    MODULE_SUPERSEDE = "module_version:supersede"
    MODULE_WITHDRAW = "module_version:withdraw"

    VIEW_KEEP = "saved_view:keep"
    VIEW_FORGET = "saved_view:forget"

    REVIEW_OPEN = "review_job:open"
    REVIEW_VERDICT = "review_task:verdict"
    REVIEW_CLOSE = "review_job:close"
    REVIEW_HOLD = "review_task:hold"
    REVIEW_RELEASE = "review_task:release"
    REVIEW_NOTIFY = "review_task:notify"
    DEPUTY_NAME = "deputy:name"
    DEPUTY_END = "deputy:end"
    DEPUTY_NOTIFY = "deputy:notify"
    ANNOTATION_ADD = "annotation:add"
    ANNOTATION_REPLY = "annotation:reply"
    ANNOTATION_RESOLVE = "annotation:resolve"
    ANNOTATION_REOPEN = "annotation:reopen"

    ACCOUNT_IMPORT = "account:import"
    ACCOUNT_CHANGE = "account:change"

    TEMPLATE_IMPORT = "template_version:import"
    TEMPLATE_SUBMIT = "template_version:submit"
    TEMPLATE_RECALL = "template_version:recall"
    TEMPLATE_DECIDE = "template_version:decide"
    TEMPLATE_APPROVE = "template_version:approve"
    TEMPLATE_SUPERSEDE = "template_version:supersede"
    TEMPLATE_WITHDRAW = "template_version:withdraw"

    MATERIAL_ASSEMBLE = "material_version:assemble"
    MATERIAL_CHANGE = "material_version:change"
    MATERIAL_SUBMIT = "material_version:submit"
    MATERIAL_RECALL = "material_version:recall"
    MATERIAL_DECIDE = "material_version:decide"
    MATERIAL_APPROVE = "material_version:approve"
    MATERIAL_SUPERSEDE = "material_version:supersede"
    MATERIAL_WITHDRAW = "material_version:withdraw"
    MATERIAL_CANCEL = "material_version:cancel"
    MATERIAL_RENDER = "material_version:render"

    BULK_START = "bulk_run:start"
    BULK_PAUSE = "bulk_run:pause"
    BULK_RESUME = "bulk_run:resume"
    BULK_CANCEL = "bulk_run:cancel"
    BULK_SUBMIT = "bulk_run:submit"
    BULK_SIGN = "bulk_run:sign"
    BULK_FINISH = "bulk_run:finish"

    COPY_ISSUE = "copy:issue"
    COPY_MAKE = "copy:make"
    COPY_FAIL = "copy:fail"
    COPY_REFUSE = "copy:refuse"
    COPY_DOWNLOAD = "copy:download"
    COPY_RECALL = "copy:recall"
    COPY_ACKNOWLEDGE = "copy:acknowledge"
    COPY_DESTROY = "copy:destroy"
    COPY_LOSE = "copy:lose"

    RECALL_OPEN = "recall:open"
    RECALL_NOTIFY = "recall:notify"
    RECALL_REMIND = "recall:remind"
    RECALL_CLOSE = "recall:close"

    EMAIL_QUEUE = "email_sending:queue"
    EMAIL_ATTEMPT = "email_sending:attempt"
    EMAIL_SEND = "email_sending:send"
    EMAIL_STOP = "email_sending:stop"
    EMAIL_REFUSE = "email_sending:refuse"
    EMAIL_DOUBT = "email_sending:doubt"
    EMAIL_BOUNCE = "email_sending:bounce"
    EMAIL_RESOLVE = "email_sending:resolve"
    EMAIL_CONSENT = "email_consent:record"
    EMAIL_SUPPRESS = "email_suppression:record"
