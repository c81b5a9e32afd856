/** Records addressed to partitions: what a tenant needs before its first activity, and clocks. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clockRecord, type Command, commandRecord, type OutRecord, type TimeSource, TOPIC } from '@perennial/contracts';
import { type Instant } from '@perennial/values';
import { Signing } from '@perennial/engine';
import { repository } from '@perennial/dev-stack';
import { TENANT } from './activity';

/** The key of all installations of the bench; they live as long as it runs. */
export const INSTALLATION_KEY = 'a key that is only for the benchmark, 32 or more';

const signing = new Signing(Buffer.from(INSTALLATION_KEY));

/** The peer's rules in our words, YAML. */
export const benchDefinition = (): string => readFileSync(join(repository, 'bench/peer.yaml'), 'utf8');

/** Publishes the definition and sets the time source, in every partition. */
export function founding(partitions: number, definition: string, source: TimeSource): OutRecord[] {
  const commands: readonly Command[] = [
    { type: 'perennial.command.publish-definition.v1', tenant: TENANT, source: definition },
    { type: 'perennial.command.set-time-source.v1', tenant: TENANT, source },
  ];
  return Array.from({ length: partitions }, (_, partition) =>
    commands.map((command, number) => signing.sign(commandRecord(TOPIC.activity, partition, command), number)),
  ).flat();
}

let clocks = 0;

/** A clock record of the tenant, inclusive; later than all before. */
export function clock(partition: number, at: Instant): OutRecord {
  const number = { processor: 'importer', epoch: 1, counter: ++clocks } as const;
  return signing.sign(
    clockRecord(TOPIC.activity, partition, { scope: { kind: 'tenant', tenant: TENANT }, at }),
    number,
  );
}
