import { headerText, type OutRecord, valueBytes } from '@perennial/contracts';
import { DEFAULT_TENANT, type TenantId } from '@perennial/values';
import type { PublishedDefinition, Signing } from '@perennial/engine';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '@perennial/dev-stack';
import { type PublishConnection, publishDefinition } from './publish-definition';

const PARTITIONS = 3;
const retail = readFileSync(join(repository, 'libs/definition/templates/retail.yaml'), 'utf8');
const publication = { tenant: DEFAULT_TENANT, source: retail, author: 'ann', reason: 'first' };

let signing: Signing;
beforeAll(async () => {
  const { Signing: Signer } = await import('@perennial/engine');
  signing = new Signer(new TextEncoder().encode('a key for tests'));
});

/** An installation whose engine takes what is sent as far as `takes` says. */
class Installed {
  readonly sent: OutRecord[] = [];
  readonly partitions: PublishedDefinition[][] = Array.from({ length: PARTITIONS }, () => []);
  readonly offsets = Array.from({ length: PARTITIONS }, () => 10);
  readonly reached = Array.from({ length: PARTITIONS }, () => 10);
  turns = 0;

  constructor(private readonly takes: (partition: number) => 'taken' | 'refused' | 'unread' = () => 'taken') {}

  get connection(): PublishConnection {
    const reports = {
      progress: () => Promise.resolve(this.reached.map((nextOffset, partition) => ({ partition, nextOffset }))),
      customersByVersion: () => Promise.resolve(new Map([[1, 4_200]])),
    };
    const producer = {
      connect: () => Promise.resolve(),
      close: () => Promise.resolve(),
      send: (records: readonly OutRecord[]) => Promise.resolve(records.map((record) => this.append(record))),
    };
    const takeTurn = () => {
      this.turns += 1;
      return Promise.resolve({ end: () => Promise.resolve(void (this.turns -= 1)) });
    };
    return {
      log: { producer: () => producer },
      reports,
      published: { of: () => Promise.resolve(this.partitions.flat()) },
      takeTurn,
      partitions: PARTITIONS,
      signing,
      numbers: { next: () => Promise.resolve(7) },
    } as unknown as PublishConnection;
  }

  has(partition: number, source: string): this {
    this.partitions[partition]?.push({ source, author: null, reason: null, publishedAt: null });
    return this;
  }

  private append(record: OutRecord) {
    const { partition = 0 } = record;
    const baseOffset = this.offsets[partition] ?? 0;
    this.offsets[partition] = baseOffset + 1;
    this.sent.push(record);
    const { source } = JSON.parse(Buffer.from(valueBytes(record) ?? []).toString()) as { source: string };
    const how = this.takes(partition);
    if (how !== 'unread') this.reached[partition] = baseOffset + 1;
    if (how === 'taken' && this.partitions[partition]?.every((one) => one.source !== source) === true)
      this.has(partition, source);
    return { topic: record.topic, partition, baseOffset };
  }
}

const tools = (signal = new AbortController().signal) => {
  const said: string[] = [];
  return { said, say: (line: string) => void said.push(line), signal };
};

describe('publishing a definition', () => {
  it('sends it to every partition under one number, signed, with who and why, and says where it is in service', async () => {
    const installed = new Installed();
    const published = await publishDefinition(installed.connection, publication, tools());
    expect(published).toEqual({
      tenant: 'default',
      name: 'retail',
      version: 1,
      result: 'published',
      partitions: PARTITIONS,
      customers: new Map([[1, 4_200]]),
    });
    expect(installed.sent.map(({ partition }) => partition)).toEqual([0, 1, 2]);
    for (const record of installed.sent) {
      expect(headerText(record.headers, 'perennial-number')).toBe('7');
      expect(JSON.parse(Buffer.from(valueBytes(record) ?? []).toString())).toEqual(publication);
    }
    expect(installed.turns).toBe(0);
  });

  it('sends nothing when every partition has the very text (invariant 4)', async () => {
    const installed = new Installed().has(0, retail).has(1, retail).has(2, retail);
    expect(await publishDefinition(installed.connection, publication, tools())).toMatchObject({ result: 'in-service' });
    expect(installed.sent).toEqual([]);
  });

  it('sends it once more when some partitions have not taken it', async () => {
    const installed = new Installed().has(0, retail);
    expect(await publishDefinition(installed.connection, publication, tools())).toMatchObject({ result: 'published' });
    expect(installed.partitions.map((definitions) => definitions.length)).toEqual([1, 1, 1]);
  });

  it.each([
    [
      'the text differs from the published one of its version',
      retail.replace('P60D', 'P45D'),
      'DEFINITION.VERSION_TAKEN',
    ],
    ['the name is another', retail.replace('name: retail', 'name: shop'), 'DEFINITION.OTHER_NAME'],
    ['it does not compile', 'kind: Lifecycle\n', 'DEFINITION.INVALID'],
  ])('sends nothing when %s (invariant 1)', async (_, source, code) => {
    const installed = new Installed().has(0, retail).has(1, retail).has(2, retail);
    const refused = publishDefinition(installed.connection, { ...publication, source }, tools());
    await expect(refused).rejects.toMatchObject({ name: 'InvalidInput', code });
    expect([installed.sent, installed.turns]).toEqual([[], 0]);
  });

  it('does not say "in service" when a partition has refused it (invariant 3)', async () => {
    const installed = new Installed((partition) => (partition === 1 ? 'refused' : 'taken'));
    await expect(publishDefinition(installed.connection, publication, tools())).rejects.toThrow(
      'retail version 1 is in service in 2 of 3 partitions: the others set the command aside.',
    );
  });

  it('shows the difference when a partition took another text of the version first', async () => {
    const installed: Installed = new Installed((partition) => {
      if (partition !== 1) return 'taken';
      installed.has(1, retail.replace('P60D', 'P45D'));
      return 'refused';
    });
    const refused = publishDefinition(installed.connection, publication, tools());
    await expect(refused).rejects.toMatchObject({ code: 'DEFINITION.VERSION_TAKEN' });
    expect(installed.sent).toHaveLength(PARTITIONS);
  });

  it('ends the waiting on Ctrl-C, says that it is in the log, and lets the next one have the turn', async () => {
    const installed = new Installed((partition) => (partition === 2 ? 'unread' : 'taken'));
    const { said, ...rest } = tools(AbortSignal.timeout(20));
    await expect(publishDefinition(installed.connection, publication, rest)).rejects.toThrow('aborted');
    expect(said).toEqual([expect.stringContaining('the definition is in the log')]);
    expect([installed.sent.length, installed.turns]).toEqual([PARTITIONS, 0]);
  });

  it('waits while another process publishes for the tenant (invariant 2)', async () => {
    const installed = new Installed();
    const names: string[] = [];
    const takeTurn: PublishConnection['takeTurn'] = (name) => {
      names.push(name);
      return names.length === 1 ? Promise.resolve(null) : installed.connection.takeTurn(name);
    };
    const { said, ...rest } = tools();
    await publishDefinition(
      { ...installed.connection, takeTurn },
      { ...publication, tenant: 'acme' as TenantId },
      rest,
    ).catch(() => undefined);
    expect([names, said[0]]).toEqual([
      ['definition acme', 'definition acme'],
      'Another process publishes a definition of tenant acme. Waiting for it.',
    ]);
  });
});
