"""The workflow sandbox of the workers.

The packages of this project are pure and have no import side effects, so they are passed through: to import them again
for every run would divide the throughput by 1.7. The sandbox still guards the clock, randomness and I/O.

The SDK (1.35) enters the sandbox once more for every payload, only to ask in which context it is serialised: a fifth
of the worker's Python time. The answer matters to payload codecs, external storage and converters that look at it; the
pydantic converter has none of these. So the runner answers in the sandbox's place.
"""

from collections.abc import Sequence
from typing import Any

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import (
    DataConverter,
    SerializationContext,
    StorageDriverStoreContext,
    WorkflowSerializationContext,
)
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import Info

from schemas.base import build_models
from schemas.errors import InvalidInput

OURS = ("schemas", "rules", "workflows")


def sandbox(*more: str) -> WorkflowRunner:
    """The sandbox with our packages (and `more`) passed through, for converters that look at no context."""
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*OURS, *more)
    return _ContextFree(SandboxedWorkflowRunner(restrictions=restrictions))


def require_context_free(converter: DataConverter) -> None:
    """A worker with a payload codec or external storage must run `SandboxedWorkflowRunner` itself.

    Raises:
        InvalidInput: the client's converter has one; the context that it is given would be wrong.
    """
    if converter.payload_codec is not None or converter.external_storage is not None:
        raise InvalidInput(
            "the Temporal client has a payload codec or external storage, and runtime.sandbox gives them no context: "
            "use SandboxedWorkflowRunner in worker.py"
        )


class _ContextFree(WorkflowRunner):
    def __init__(self, inner: WorkflowRunner) -> None:
        self._inner = inner

    def prepare_workflow(self, defn: Any) -> None:
        build_models()  # here and not in a workflow task, which may compute for two seconds
        self._inner.prepare_workflow(defn)

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        return _Instance(self._inner.create_instance(det))

    def set_worker_level_failure_exception_types(self, types: Sequence[type[BaseException]]) -> None:
        self._inner.set_worker_level_failure_exception_types(types)


class _Instance(WorkflowInstance):
    def __init__(self, inner: WorkflowInstance) -> None:
        info = inner.get_info()
        self._inner = inner
        self._context = WorkflowSerializationContext(namespace=info.namespace, workflow_id=info.workflow_id)

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        return self._inner.activate(act)

    def get_info(self) -> Info:
        return self._inner.get_info()

    def get_thread_id(self) -> int | None:
        return self._inner.get_thread_id()

    def get_serialization_context(self, command_info: object) -> SerializationContext:
        return self._context

    def get_external_store_context(self, command_info: object) -> StorageDriverStoreContext:
        return StorageDriverStoreContext(target=None)
