import RequestQueue from 'kafkajs/src/network/requestQueue';

type Schedule = (this: RequestQueue) => void;

let original: Schedule | null = null;

/**
 * Each connection of kafkajs checks every millisecond, for ever, whether requests wait to be sent (kafkajs#1751). From
 * now on a connection checks only while some do.
 */
export function quietIdleConnections(): void {
  if (original !== null) return;
  const queue = RequestQueue.prototype as { scheduleCheckPendingRequests: Schedule };
  const schedule = queue.scheduleCheckPendingRequests;
  original = schedule;
  queue.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) schedule.call(this);
  };
}
