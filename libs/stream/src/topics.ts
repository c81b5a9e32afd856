import { MAX_DEAD_LETTER_BYTES, MAX_RECORD_BYTES, TOPIC } from '@perennial/contracts';
import { InvalidInput } from '@perennial/values';
import type { TopicSpec } from './port';

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long inputs, dead letters and facts can be read again; an erased customer is gone from them after it. */
const RETENTION_MS = 30 * DAY_MS;

/**
 * The topics of an installation, with every setting they rely on. `prefix` goes before each name; `replication` is
 * the number of copies (3 in production, 1 on one machine).
 */
export function topicSpecs(prefix: string, partitions: number, replication: number): readonly TopicSpec[] {
  const spec = (name: string, config: Record<string, string>): TopicSpec => ({
    name: `${prefix}${name}`,
    partitions,
    replication,
    // An acknowledged record survives the loss of a broker wherever there is a second copy to wait for.
    config: { 'min.insync.replicas': String(Math.max(1, replication - 1)), ...config },
  });
  const facts = { 'cleanup.policy': 'delete', 'retention.ms': String(RETENTION_MS) };
  // The time of a decision is taken from here: it has to be the broker's, not the producer's.
  const inputs = { ...facts, 'message.timestamp.type': 'LogAppendTime' };
  return [
    spec(TOPIC.activity, { ...inputs, 'max.message.bytes': String(MAX_RECORD_BYTES) }),
    spec(TOPIC.deadLetter, { ...inputs, 'max.message.bytes': String(MAX_DEAD_LETTER_BYTES) }),
    spec(TOPIC.stageChanged, facts),
    spec(TOPIC.signal, facts),
    // Without the upper bound the newest segment, and an erased customer in it, could stay uncompacted for ever.
    spec(TOPIC.state, { 'cleanup.policy': 'compact', 'max.compaction.lag.ms': String(7 * DAY_MS) }),
  ];
}

/** Settings that say what the records mean; the others may be tuned by the operator, but sizes only upwards. */
const MEANINGS = ['message.timestamp.type', 'cleanup.policy'];

const SIZE = 'max.message.bytes';

/** A topic that takes less than what is written to it would stop the partition at the first large record. */
function refuseSmallerRecords({ name, config }: TopicSpec, found: Readonly<Record<string, string>>): void {
  const [wanted, has] = [config[SIZE], found[SIZE]];
  if (wanted === undefined || has === undefined || Number(has) >= Number(wanted)) return;
  throw new InvalidInput(
    'STREAM.TOPIC_DIFFERS',
    `topic ${name} takes records of ${has} bytes (${SIZE}), and records of ${wanted} are written to it. ` +
      `Raise ${SIZE} of the topic to ${wanted} or more`,
  );
}

/** Refuses a topic that exists but is not what `spec` asks for. Settings that are not known are not compared. */
export function refuseOtherTopic(
  spec: TopicSpec,
  found: { readonly partitions: number; readonly config: Readonly<Record<string, string>> },
): void {
  if (found.partitions !== spec.partitions) {
    throw new InvalidInput(
      'STREAM.PARTITIONS_DIFFER',
      `topic ${spec.name} has ${found.partitions} partitions, the configuration says ${spec.partitions}. ` +
        'The number cannot be changed: it decides which customer is where. Set PARTITIONS to what the topic has',
    );
  }
  for (const name of MEANINGS) {
    const [wanted, has] = [spec.config[name], found.config[name]];
    if (wanted === undefined || has === undefined || wanted === has) continue;
    throw new InvalidInput(
      'STREAM.TOPIC_DIFFERS',
      `topic ${spec.name} has ${name}=${has}, but its records mean what they should only with ${name}=${wanted}. ` +
        'Change the setting of the topic, or use another TOPIC_PREFIX',
    );
  }
  refuseSmallerRecords(spec, found.config);
}
