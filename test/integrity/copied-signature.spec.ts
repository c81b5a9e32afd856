/** Somebody who may write the topic, and has no key, appends copies of what the installation signed. */
import {
  CLOCK_TYPE,
  type Command,
  commandRecord,
  hasHeader,
  headerText,
  type OutRecord,
  SIGNATURE_HEADER,
  TOPIC,
} from '@perennial/contracts';
import { Signing } from '@perennial/engine';
import { type Installation, KEY } from '../e2e/installation';
import { endAll, EngineProcess } from './harness/engine-process';
import { filling, PARTITIONS, PAST } from './harness/filling';
import { append, openGround, settled } from './harness/ground';
import { findings, stageChanges } from './harness/oracle';
import { queryAll } from './harness/stored';

jest.setTimeout(120_000);

let installation: Installation;
beforeAll(async () => {
  installation = await openGround('copied-signature');
});
afterAll(async () => {
  await endAll();
  await installation.remove();
});

/** Everything signed so far, as it stands in the topic. */
async function copies(): Promise<OutRecord[]> {
  const records = await installation.records(TOPIC.activity);
  return records
    .filter(({ headers }) => hasHeader(headers, SIGNATURE_HEADER))
    .map(({ partition, key, value, headers }) => ({ topic: TOPIC.activity, partition, key, value, headers }));
}

const bootstraps = async (): Promise<string[]> => {
  const text = `SELECT bootstrap ->> 'kind' AS kind FROM partition_tenant WHERE tenant = '${PAST}'`;
  return (await queryAll<{ kind: string }>(installation.databases, text)).map(({ kind }) => kind);
};

it('a copy of a signed record has no effect: not of a command, nor of a clock record, also after a restart', async () => {
  const first = new EngineProcess(installation);
  await first.ready();
  await append(installation, filling({ seed: 1, activities: 200, live: 10 }));
  await settled(installation);
  await first.stop();
  const expected = stageChanges(await findings(installation), PAST);
  const copied = await copies();
  expect(copied.length).toBeGreaterThan(10 * PARTITIONS);

  await append(installation, copied);
  const second = new EngineProcess(installation);
  await second.ready();
  await settled(installation);
  const off = Array.from({ length: PARTITIONS }, () => 'off');
  expect(await bootstraps()).toEqual(off);
  const dead = await installation.records(TOPIC.deadLetter);
  const repeated = dead.filter(({ headers }) => headerText(headers, 'perennial-cause') === 'repeated-command').length;
  expect(repeated).toBe(copied.filter(({ headers }) => headerText(headers, 'ce_type') !== CLOCK_TYPE).length);

  const start: Command = { type: 'perennial.command.start-bootstrap.v1', tenant: PAST, customers: null };
  const signing = new Signing(Buffer.from(KEY));
  const records = off.map((_, partition) => signing.sign(commandRecord(TOPIC.activity, partition, start), 1_000_000));
  await append(installation, records);
  await settled(installation);
  expect(await bootstraps()).toEqual(Array.from({ length: PARTITIONS }, () => 'all'));
  await second.stop();
  const found = await findings(installation);
  expect(found.differences).toEqual([]);
  expect(stageChanges(found, PAST)).toEqual(expected);
});
