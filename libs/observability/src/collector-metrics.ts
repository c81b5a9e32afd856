import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { AgingGauge } from './metrics';

/** Every metric of the collector: name, unit, labels, buckets. Labels are closed sets: never a key, tenant or customer. */
export function declareCollectorMetrics(registry: Registry) {
  const registers = [registry];
  return {
    accepted: new Counter({
      name: 'collector_activities_accepted_total',
      help: 'Activities that the log has acknowledged.',
      registers,
    }),
    refused: new Counter<'reason'>({
      name: 'collector_requests_refused_total',
      help: 'Requests that were not accepted, by reason; nothing of them counts as received.',
      labelNames: ['reason'],
      registers,
    }),
    senderClocks: new Counter<'result'>({
      name: 'collector_sender_clocks_total',
      help: 'Accepted activities whose sentAt shows a wrong clock: their time was corrected, or left since their times contradict each other.',
      labelNames: ['result'],
      registers,
    }),
    receivedBytes: new Counter({
      name: 'collector_received_bytes_total',
      help: 'Bytes of request bodies that were read, unpacked.',
      registers,
    }),
    inFlightBytes: new Gauge({
      name: 'collector_in_flight_bytes',
      help: 'Bytes of request bodies that are held for requests in work.',
      registers,
    }),
    droppedConnections: new Counter({
      name: 'collector_connections_dropped_total',
      help: 'Connections that were closed at once, since there were COLLECTOR_CONNECTIONS already.',
      registers,
    }),
    writeKeys: new Gauge<'source'>({
      name: 'collector_write_keys',
      help: 'Write keys in force, by where they are read: file or database.',
      labelNames: ['source'],
      registers,
    }),
    writeKeysAge: new AgingGauge<never>({
      name: 'collector_write_keys_age_seconds',
      help: 'Time since the database last said which write keys are in force; without a database there is none.',
      labelNames: [],
      registers,
    }),
    writeKeyReadsFailed: new Counter({
      name: 'collector_write_key_reads_failed_total',
      help: 'Questions for the write keys that the database did not answer; one is asked every second.',
      registers,
    }),
    produceSeconds: new Histogram({
      name: 'collector_produce_duration_seconds',
      help: 'Time from handing activities to the log to its acknowledgement.',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
  };
}
/** The metrics of one collector. */
export type CollectorMetrics = ReturnType<typeof declareCollectorMetrics>;
