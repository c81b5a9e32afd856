/** Wires the intake to the log, the metrics and the log lines; production and component tests use the same wiring. */
import type { CollectorEnvironment } from '@perennial/config';
import type { CollectorMetrics } from '@perennial/observability';
import type { LogProducer } from '@perennial/stream';
import type { Logger } from 'pino';
import { KEYLESS_BYTES } from './http/limits';
import { InFlight } from './in-flight';
import { Intake } from './intake';
import { type Outcome, REFUSALS } from './outcome';
import { publisher } from './publish';
import type { WriteKeys } from './write-keys';

export function createIntake(
  { inFlightBytes }: Pick<CollectorEnvironment, 'inFlightBytes'>,
  keys: WriteKeys,
  producer: Pick<LogProducer, 'send'>,
  metrics: CollectorMetrics,
  logger: Logger,
): Intake {
  // A series that appears only with its first event hides that event from `rate`.
  for (const reason of REFUSALS) metrics.refused.inc({ reason }, 0);
  for (const result of ['corrected', 'contradictory']) metrics.senderClocks.inc({ result }, 0);
  const changed = (bytes: number): void => {
    metrics.inFlightBytes.inc(bytes);
  };
  return new Intake({
    keys,
    inFlight: new InFlight(inFlightBytes, changed),
    keyless: new InFlight(KEYLESS_BYTES, changed),
    publish: publisher(producer, (activities, seconds) => {
      metrics.accepted.inc(activities.length);
      for (const { clock } of activities) if (clock !== 'none') metrics.senderClocks.inc({ result: clock });
      metrics.produceSeconds.observe(seconds);
    }),
    now: Date.now,
    told: (outcome: Outcome) => {
      if (outcome.kind === 'accepted') return;
      metrics.refused.inc({ reason: outcome.reason });
      // Names of fields are not logged: a sender can choose them, and a name may be a secret.
      logger.debug({ reason: outcome.reason, problems: outcome.problems.length }, 'request refused');
    },
    read: (bytes) => {
      metrics.receivedBytes.inc(bytes);
    },
    fault: (error) => {
      logger.error({ err: error }, 'request failed');
    },
  });
}
