import type { EngineMetrics } from '@perennial/observability';
import type { CheckpointObserver } from '@perennial/store';
import type { Logger } from 'pino';

/** Meters checkpoints; says why one failed. */
export function watchCheckpoints(metrics: EngineMetrics, logger: Logger): CheckpointObserver {
  return {
    checkpointed: ({ customers, seconds }) => {
      metrics.checkpoints.observe(seconds);
      metrics.checkpointRows.inc(customers);
    },
    checkpointFailed: (partition, error) => {
      metrics.checkpointFailures.inc();
      const reason = error instanceof Error ? error.message : String(error);
      logger.warn({ partition, reason }, 'checkpoint failed: rows of customers stay behind until one succeeds');
    },
  };
}
