"""Time-outs and retries of every activity call, by name."""

from datetime import timedelta

from temporalio.common import RetryPolicy

DELIVERY_ATTEMPT = timedelta(seconds=60)
"""One attempt to send a document through a channel."""

DELIVERY_HEARTBEAT = timedelta(seconds=20)
"""A worker that died during an attempt is detected after this."""

DELIVERY_RETRY = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(minutes=10),
    maximum_attempts=0,
)
"""Unlimited retries, at most ten minutes apart: a mail server may be down for days. `send_document` itself gives up."""

RECORD_LOCALLY = timedelta(seconds=4)
"""A local activity that waits longer heartbeats its workflow task; after this a normal activity takes over."""

RECORD_LOCAL_RETRY = RetryPolicy(
    initial_interval=timedelta(milliseconds=200), backoff_coefficient=2.0, maximum_interval=timedelta(seconds=1)
)

ATTEMPT = timedelta(seconds=30)
"""One attempt of a quick activity: recording, issuing, gathering, anchoring, counting."""

FOR_EVER = RetryPolicy(
    initial_interval=timedelta(milliseconds=500),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(minutes=1),
    maximum_attempts=0,
)
"""Unlimited retries, since Postgres may be down for days and no record may be lost."""

FRAME_ATTEMPT = timedelta(minutes=10)
"""One attempt to take or read the frame of a spot check: a campaign may have 100,000 sites."""

PAGED_ATTEMPT = timedelta(hours=6)
"""One attempt of an activity that pages over the sites of a city."""

PAGED_HEARTBEAT = timedelta(seconds=60)
"""Such an activity heartbeats its page; a worker that died is detected after this."""

LOOK_AT_MOST = timedelta(hours=1)
"""The daily reconciliation gives up after this; it runs again on the next day."""
