"""One document's way out (id `delivery/<document key>`): it is sent, or marked failed; it is never silently lost."""

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from schemas.delivery import Delivered, DeliveryFailure, DeliveryStart
    from schemas.documents import DocumentState
    from workflows.options import DELIVERY_ATTEMPT, DELIVERY_RETRY


@workflow.defn
class DeliveryWorkflow:
    """Delivers one document through the delivery queue, for as long as it takes."""

    @workflow.run
    async def run(self, start: DeliveryStart) -> Delivered:
        """Completes when the document is sent, or marked failed with the reason."""
        try:
            delivered: Delivered = await workflow.execute_activity(
                "deliver",
                start.key,
                task_queue=start.queue,
                start_to_close_timeout=DELIVERY_ATTEMPT,
                retry_policy=DELIVERY_RETRY,
                result_type=Delivered,
            )
            return delivered
        except ActivityError as error:
            reason = str(error.cause or error)
        await workflow.execute_activity(
            "mark_failed",
            DeliveryFailure(key=start.key, reason=reason),
            task_queue=start.queue,
            start_to_close_timeout=DELIVERY_ATTEMPT,
            retry_policy=DELIVERY_RETRY,
        )
        return Delivered(key=start.key, state=DocumentState.FAILED, reason=reason)
