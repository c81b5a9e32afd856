/** Broker and database end without a word and come back: work is resumed, and nothing is skipped. */
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { TOPIC } from '@perennial/contracts';
import { partitionFor } from '@perennial/values';
import type { Installation } from '../e2e/installation';
import { waitFor } from '../e2e/wait-for';
import { endAll, EngineProcess } from './harness/engine-process';
import { filling, LIVE, order, PARTITIONS } from './harness/filling';
import { append, openGround, progress, settled } from './harness/ground';
import { findings } from './harness/oracle';
import { ownBroker, ownPostgres, type OwnServer } from './harness/own-servers';

jest.setTimeout(180_000);

let broker: OwnServer & { readonly brokers: string };
let postgres: Awaited<ReturnType<typeof ownPostgres>>;
let installation: Installation;
let engine: EngineProcess;

beforeAll(async () => {
  [broker, postgres] = await Promise.all([ownBroker(), ownPostgres()]);
  installation = await openGround('restarted', { brokers: broker.brokers, database: postgres.database });
  engine = new EngineProcess(installation);
  await engine.ready();
}, 120_000);
afterAll(async () => {
  await endAll();
  await installation.remove();
  await Promise.all([broker.remove(), postgres.remove()]);
});

it('PostgreSQL killed and started again while there is work: resumed', async () => {
  await append(installation, filling({ seed: 1, activities: 1_500, live: 20 }));
  await postgres.restart();
  await settled(installation);
  await engine.ready();
});

it('the broker killed and started again: resumed', async () => {
  await broker.kill();
  await engine.unready();
  await broker.restart();
  await engine.ready();
  await append(installation, filling({ seed: 2, activities: 600, live: 20 }));
  await settled(installation);
});

it('after both the facts are those of a sequential re-computation', async () => {
  await engine.stop();
  expect((await findings(installation)).differences).toEqual([]);
});

it('a batch damaged on the disk of the broker stops its partition loudly with the offset, and no other', async () => {
  const before = await ends();
  const victim = order(LIVE, 'victim', 'victim-1', null);
  const partition = partitionFor(`${LIVE}:victim`, PARTITIONS);
  await append(installation, [victim]);
  damageLastBatch(join(broker.folder, 'data', `${installation.prefix}${TOPIC.activity}-${partition}`));
  engine = new EngineProcess(installation);
  const at = `the batch at offset ${before.get(partition) ?? -1} of`;
  await waitFor('the partition to stop', async () => {
    const { ready, reasons } = await engine.readiness();
    return !ready && reasons.join().includes(at) ? true : null;
  });
  expect(await engine.metric('lifecycle_partition_stopped', `partition="${partition}"`)).toBe(1);
  expect(engine.log).toContain('partition stands still and needs an operator');

  const after = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((customer) => order(LIVE, customer, 'later', null));
  await append(installation, after);
  const expected = await ends();
  await waitFor('the other partitions to go on', async () => {
    const next = await progress(installation);
    return [...expected].every(([other, end]) => other === partition || (next.get(other) ?? 0) >= end) ? true : null;
  });
  expect((await progress(installation)).get(partition)).toBe(before.get(partition));
});

async function ends(): Promise<ReadonlyMap<number, number>> {
  const log = installation.log();
  const found = await installation.ends(TOPIC.activity, log);
  await log.close();
  return found;
}

/** A batch: u64 base offset, u32 length, u32 epoch, u8 magic, u32 checksum, u16 attributes, whose lowest bits name the codec. */
const LENGTH_AT = 8;
const HEAD = 12;
const CODEC_AT = 22;
const GZIP = 1;

/** Calls its bytes gzip, which they are not. */
function damageLastBatch(folder: string): void {
  const [segment = ''] = readdirSync(folder).filter((name) => name.endsWith('.log'));
  const bytes = readFileSync(join(folder, segment));
  let last = 0;
  for (let at = 0; at < bytes.length; at += HEAD + bytes.readUInt32BE(at + LENGTH_AT)) last = at;
  const file = openSync(join(folder, segment), 'r+');
  writeSync(file, Buffer.from([GZIP]), 0, 1, last + CODEC_AT);
  closeSync(file);
}
