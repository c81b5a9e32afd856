import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TOPIC } from '@perennial/contracts';
import { topicSpecs } from '@perennial/stream';
import { parse } from 'yaml';
import { variables } from '../../libs/config/src/variables';
import { asyncApiText } from '../../libs/contracts/src/asyncapi/document';

type Node = Readonly<Record<string, unknown>>;

const root = join(__dirname, '../..');
const remedy = 'docs/asyncapi/asyncapi.yaml is not what the schemas say: run `npm run generate` and commit the result.';
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const text = readFileSync(join(root, 'docs/asyncapi/asyncapi.yaml'), 'utf8');
const document = parse(text) as Node;

const at = (node: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, name) => (inner as Node | undefined)?.[name], node);
const entries = (...path: readonly string[]): [string, Node][] =>
  Object.entries(at(document, ...path) as Record<string, Node>);

/** Every `$ref` below a node. */
function references(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) => (name === '$ref' ? [String(value)] : references(value)));
}

/** The keys that AsyncAPI 3.0 knows of these objects, and those that it demands. */
const KNOWN = {
  document: {
    allowed: ['id', 'asyncapi', 'info', 'servers', 'defaultContentType', 'channels', 'operations', 'components'],
    needed: ['asyncapi', 'info'],
  },
  channel: {
    allowed: [
      'address',
      'messages',
      'title',
      'summary',
      'description',
      'servers',
      'parameters',
      'tags',
      'externalDocs',
      'bindings',
    ],
    needed: ['address', 'messages'],
  },
  operation: {
    allowed: [
      'action',
      'channel',
      'title',
      'summary',
      'description',
      'security',
      'tags',
      'externalDocs',
      'bindings',
      'traits',
      'messages',
      'reply',
    ],
    needed: ['action', 'channel'],
  },
  message: {
    allowed: [
      'headers',
      'payload',
      'correlationId',
      'contentType',
      'name',
      'title',
      'summary',
      'description',
      'tags',
      'externalDocs',
      'bindings',
      'examples',
      'traits',
    ],
    needed: ['name', 'headers', 'payload', 'bindings'],
  },
  channelBinding: {
    allowed: ['topic', 'partitions', 'replicas', 'topicConfiguration', 'bindingVersion'],
    needed: ['topic', 'partitions', 'bindingVersion'],
  },
  operationBinding: { allowed: ['groupId', 'clientId', 'bindingVersion'], needed: ['groupId', 'bindingVersion'] },
  messageBinding: {
    allowed: ['key', 'schemaIdLocation', 'schemaIdPayloadEncoding', 'schemaLookupStrategy', 'bindingVersion'],
    needed: ['key', 'bindingVersion'],
  },
} as const;

function misfits(
  node: unknown,
  { allowed, needed }: { readonly allowed: readonly string[]; readonly needed: readonly string[] },
): string[] {
  const names = Object.keys(node as Node);
  return [
    ...names.filter((name) => !allowed.includes(name)).map((name) => `has ${name}`),
    ...needed.filter((name) => !names.includes(name)).map((name) => `lacks ${name}`),
  ];
}

describe('the AsyncAPI document', () => {
  it('says what the schemas and the declared topics say', () => {
    const topics = topicSpecs('', variables.PARTITIONS.parse(undefined), variables.REPLICATION_FACTOR.parse(undefined));
    expect({ text, remedy }).toEqual({ text: asyncApiText(version, topics), remedy });
  });

  it('has a channel for each topic, with its Kafka binding', () => {
    expect(
      entries('channels')
        .map(([name]) => name)
        .sort(),
    ).toEqual(Object.values(TOPIC).sort());
    for (const [name, channel] of entries('channels')) {
      expect([name, misfits(channel, KNOWN.channel)]).toEqual([name, []]);
      const binding = at(channel, 'bindings', 'kafka');
      expect([name, misfits(binding, KNOWN.channelBinding)]).toEqual([name, []]);
      expect(binding).toMatchObject({ topic: name, bindingVersion: '0.5.0' });
    }
  });

  it('has operations of every service that only name messages of their channel', () => {
    for (const [name, operation] of entries('operations')) {
      expect([name, misfits(operation, KNOWN.operation)]).toEqual([name, []]);
      expect(['send', 'receive']).toContain(operation['action']);
      const channel = String(at(operation, 'channel', '$ref'));
      for (const message of references(operation['messages']))
        expect(message.startsWith(`${channel}/messages/`)).toBe(true);
      const binding = at(operation, 'bindings', 'kafka');
      if (binding !== undefined) expect([name, misfits(binding, KNOWN.operationBinding)]).toEqual([name, []]);
    }
    const services = new Set(entries('operations').map(([name]) => name.split('.')[0]));
    expect([...services].sort()).toEqual(['cli', 'collector', 'lifecycle-engine']);
  });

  it('has messages with headers, payload and a key, each carried by a channel', () => {
    const carried = new Set(references(at(document, 'channels')));
    for (const [name, message] of entries('components', 'messages')) {
      expect([name, misfits(message, KNOWN.message)]).toEqual([name, []]);
      expect([name, misfits(at(message, 'bindings', 'kafka'), KNOWN.messageBinding)]).toEqual([name, []]);
      expect(at(message, 'headers', 'type')).toBe('object');
      expect(carried).toContain(`#/components/messages/${name}`);
    }
  });

  it('is of version 3, and each of its references leads somewhere', () => {
    expect(misfits(document, KNOWN.document)).toEqual([]);
    expect(document).toMatchObject({ asyncapi: '3.0.0', info: { title: 'Perennial', version } });
    const all = references(document);
    expect(all.length).toBeGreaterThan(20);
    expect(all.filter((reference) => at(document, ...reference.slice(2).split('/')) === undefined)).toEqual([]);
    for (const name of Object.keys(at(document, 'components', 'schemas') as Node)) expect(name).toMatch(/^[\w.-]+$/);
  });
});
