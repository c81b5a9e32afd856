import type { JsonObject } from '@perennial/values';
import { stringify } from 'yaml';
import { CLOCK_TYPE } from '../control/clock';
import { payloadSchemas } from '../schema-catalogue';
import { ENGINE_GROUP, TOPIC, type TopicName } from '../topics';
import { BINDING, COMMANDS, messages } from './messages';

/** A topic as it is declared, without prefix. */
interface DeclaredTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replication: number;
  readonly config: Readonly<Record<string, string>>;
}

const ACTIVITIES = [TOPIC.activity, 'cloud-event-binary', 'cloud-event-structured'];

/** What each topic carries. */
const CHANNELS: Readonly<Record<TopicName, { readonly description: string; readonly messages: readonly string[] }>> = {
  [TOPIC.activity]: {
    description: 'In: activities, clock records and commands. The log of a partition is all that its facts depend on.',
    messages: [...ACTIVITIES, CLOCK_TYPE, ...COMMANDS],
  },
  [TOPIC.deadLetter]: { description: 'What could not be processed.', messages: [TOPIC.deadLetter] },
  [TOPIC.stageChanged]: {
    description: 'Every move, in order and gap-free per customer.',
    messages: [TOPIC.stageChanged],
  },
  [TOPIC.signal]: { description: 'Flips of signals.', messages: [TOPIC.signal] },
  [TOPIC.state]: {
    description:
      'Compacted: where each customer stands. A new reader reads it first, then the moves above its version.',
    messages: [TOPIC.state],
  },
};

interface Operation {
  readonly action: 'send' | 'receive';
  readonly topic: TopicName;
  readonly summary: string;
  readonly messages?: readonly string[];
  readonly group?: string;
}

/** Who sends and receives what; names begin with the service. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  'collector.send-activities': {
    action: 'send',
    topic: TOPIC.activity,
    summary: 'Activities received by HTTP.',
    messages: [TOPIC.activity, 'cloud-event-binary'],
  },
  'lifecycle-engine.receive-inputs': {
    action: 'receive',
    topic: TOPIC.activity,
    summary: 'All inputs, in order per partition.',
    group: ENGINE_GROUP,
  },
  'lifecycle-engine.append-clocks': {
    action: 'send',
    topic: TOPIC.activity,
    summary: 'A clock record when a deadline falls due.',
    messages: [CLOCK_TYPE],
  },
  'lifecycle-engine.forward-activities': {
    action: 'send',
    topic: TOPIC.activity,
    summary: "Activities that arrived in a partition that is not their customer's.",
    messages: ACTIVITIES,
  },
  'lifecycle-engine.set-aside': { action: 'send', topic: TOPIC.deadLetter, summary: 'What could not be processed.' },
  'lifecycle-engine.state-moves': { action: 'send', topic: TOPIC.stageChanged, summary: 'Moves.' },
  'lifecycle-engine.state-signals': { action: 'send', topic: TOPIC.signal, summary: 'Signals.' },
  'lifecycle-engine.state-customers': { action: 'send', topic: TOPIC.state, summary: 'Where customers stand.' },
  'cli.send-commands': {
    action: 'send',
    topic: TOPIC.activity,
    summary: 'Commands, signed, one to each partition.',
    messages: COMMANDS,
  },
  'cli.replay-dead-letters': {
    action: 'send',
    topic: TOPIC.activity,
    summary: 'Dead letters, byte for byte, with the headers of forwarding.',
  },
  'cli.read-dead-letters': { action: 'receive', topic: TOPIC.deadLetter, summary: 'Dead letters, without a group.' },
};

/** The AsyncAPI 3 document of an installation. */
function asyncApiDocument(version: string, topics: readonly DeclaredTopic[]): JsonObject {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Perennial',
      version,
      description:
        'Topics of an installation, without its TOPIC_PREFIX. docs/guarantees.md says what they promise and how to read them. ' +
        'Partitions and replicas are the defaults; PARTITIONS and REPLICATION_FACTOR set them.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(topics.map((topic) => [topic.name, channel(topic)])),
    operations: Object.fromEntries(Object.entries(OPERATIONS).map(([name, one]) => [name, operation(one)])),
    components: { messages: messages(), schemas: payloadSchemas() },
  };
}

function channel({ name, partitions, replication, config }: DeclaredTopic): JsonObject {
  const { description, messages: carried } = CHANNELS[name as TopicName];
  const number = (key: string): JsonObject => (config[key] === undefined ? {} : { [key]: Number(config[key]) });
  const policy = config['cleanup.policy'];
  return {
    address: name,
    description,
    messages: Object.fromEntries(carried.map((message) => [message, { $ref: `#/components/messages/${message}` }])),
    bindings: {
      kafka: {
        topic: name,
        partitions,
        replicas: replication,
        topicConfiguration: {
          ...(policy === undefined ? {} : { 'cleanup.policy': [policy] }),
          ...number('retention.ms'),
          ...number('max.message.bytes'),
        },
        bindingVersion: BINDING,
      },
    },
  };
}

function operation({ action, topic, summary, messages: carried, group }: Operation): JsonObject {
  const at = `#/channels/${topic}`;
  return {
    action,
    channel: { $ref: at },
    summary,
    messages: (carried ?? CHANNELS[topic].messages).map((message) => ({ $ref: `${at}/messages/${message}` })),
    ...(group === undefined
      ? {}
      : { bindings: { kafka: { groupId: { type: 'string', enum: [group] }, bindingVersion: BINDING } } }),
  };
}

const NOTE = '# Generated from libs/contracts by `npm run generate`; do not edit.\n';

/** docs/asyncapi/asyncapi.yaml. */
export function asyncApiText(version: string, topics: readonly DeclaredTopic[]): string {
  return NOTE + stringify(asyncApiDocument(version, topics), { lineWidth: 120, aliasDuplicateObjects: false });
}
