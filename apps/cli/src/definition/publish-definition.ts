/**
 * Puts a definition into service: the signed command to every partition, and the wait until each has taken it.
 *
 * Invariants
 * 1. What may not follow the definition in service is refused before anything is sent.
 * 2. One at a time for each tenant: the turn is held until the command is taken, so that two texts of one version do not meet in
 *    the log. A publisher that ends before that gives the turn up; should another text of its version be sent meanwhile, each
 *    partition takes the one it reads first, and invariant 3 tells.
 * 3. "In service" is said only when every partition has committed this very text.
 * 4. May be repeated at any point: a text that a partition has taken changes nothing there.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { InvalidInput, type TenantId } from '@perennial/values';
import type { CompiledDefinition } from '@perennial/definition';
import type { Turn } from '@perennial/store';
import { readEnvironment, toolEnvironment } from '@perennial/config';
import { MAX_AUTHOR, MAX_REASON } from '@perennial/contracts';
import { tenantOf } from '../arguments';
import type { Connection } from '../connection';
import { awaitTaken } from './await-taken';
import { judge } from './judge';
import { type Version, versionsOf } from './versions';
import { sendCommand } from '../log-producer';
import { operator } from '../operator';

const INTERVAL_MS = 500;

export interface Publication {
  readonly tenant: TenantId;
  /** YAML. */
  readonly source: string;
  /** Up to 200 characters. */
  readonly author: string;
  /** Up to 1,000 characters. */
  readonly reason: string;
}

export interface PublishTools {
  /** Tells people what goes on. */
  readonly say: (line: string) => void;
  /** Ends the waiting, not the publication: a command that was sent is in the log. */
  readonly signal: AbortSignal;
}

/** A definition that every partition has. */
export interface Published {
  readonly tenant: TenantId;
  readonly name: string;
  readonly version: number;
  /** `in-service`: every partition had this very text before, and nothing was sent. */
  readonly result: 'published' | 'in-service';
  readonly partitions: number;
  /** version → customers in it. */
  readonly customers: ReadonlyMap<number, number>;
}

export type PublishConnection = Pick<
  Connection,
  'log' | 'reports' | 'published' | 'signing' | 'numbers' | 'partitions' | 'takeTurn'
>;

/**
 * Publishes, and resolves when the definition is in service. Throws `InvalidInput` for one that does not compile or may not
 * follow what is in service, `RetryableError` while log or database are away, and the reason of `signal`.
 */
export async function publishDefinition(
  connection: PublishConnection,
  publication: Publication,
  tools: PublishTools,
): Promise<Published> {
  const { tenant } = publication;
  const definition = await compiled(publication.source);
  const turn = await turnAt(connection, tenant, tools);
  try {
    const judged = judge(definition, await versionsIn(connection, tenant), connection.partitions);
    if (judged === 'publish') await sendAndWait(connection, publication, definition, tools);
    return {
      tenant,
      name: definition.name,
      version: definition.version,
      result: judged === 'publish' ? 'published' : 'in-service',
      partitions: connection.partitions,
      customers: await connection.reports.customersByVersion(tenant),
    };
  } finally {
    await turn.end();
  }
}

async function compiled(source: string): Promise<CompiledDefinition> {
  const { compile, describeProblem } = await import('@perennial/definition');
  const result = compile(source);
  if (result.ok) return result.definition;
  const problems = result.problems.map((problem) => describeProblem(problem, 'definition'));
  throw new InvalidInput('DEFINITION.INVALID', problems.join('\n'));
}

const versionsIn = async ({ published }: PublishConnection, tenant: TenantId): Promise<readonly Version[]> =>
  versionsOf(await published.of(tenant));

async function turnAt(connection: PublishConnection, tenant: TenantId, { say, signal }: PublishTools): Promise<Turn> {
  for (let waits = false; ; waits = true) {
    const turn = await connection.takeTurn(`definition ${tenant}`);
    if (turn !== null) return turn;
    if (!waits) say(`Another process publishes a definition of tenant ${tenant}. Waiting for it.`);
    await wait(INTERVAL_MS, undefined, { signal });
  }
}

async function sendAndWait(
  connection: PublishConnection,
  publication: Publication,
  definition: CompiledDefinition,
  { say, signal }: PublishTools,
): Promise<void> {
  signal.throwIfAborted();
  const command = { type: 'perennial.command.publish-definition.v1', ...publication } as const;
  const offsets = await sendCommand(connection, command);
  try {
    await awaitTaken(connection, offsets, { say, signal });
  } catch (error) {
    if (signal.aborted)
      say('Not waited for: the definition is in the log, and in service as soon as the engine comes to it.');
    throw error;
  }
  await verify(connection, publication.tenant, definition);
}

/** Every partition has come past the command: those without the definition have refused it. */
async function verify(connection: PublishConnection, tenant: TenantId, definition: CompiledDefinition): Promise<void> {
  const versions = await versionsIn(connection, tenant);
  if (judge(definition, versions, connection.partitions) === 'in-service') return;
  const { name, version, source } = definition;
  const taken = versions.find((one) => one.source === source)?.partitions ?? 0;
  throw new Error(
    `${name} version ${version} is in service in ${taken} of ${connection.partitions} partitions: the others set the command aside. ` +
      'Say why: `perennial dead-letter list`. An engine of an earlier release refuses author and reason: bring all engines to this release, then publish again.',
  );
}

/** What a person says beside the definition. */
export interface Statement {
  readonly tenant: string;
  readonly reason: string;
  /** Default: PERENNIAL_AUTHOR, else the user of this machine. */
  readonly author?: string;
}

/** What is to be published, checked. Throws `InvalidInput`. */
export function publicationOf(source: string, { tenant, reason, author }: Statement): Publication {
  const by = author ?? readEnvironment(toolEnvironment).author ?? operator();
  return {
    tenant: tenantOf(tenant, '--tenant'),
    source,
    author: bounded('--author', by, MAX_AUTHOR),
    reason: bounded('--reason', reason, MAX_REASON),
  };
}

function bounded(option: string, text: string, most: number): string {
  const trimmed = text.trim();
  if (trimmed === '') throw new InvalidInput('CLI.NO_REASON', `${option} is empty; it is kept for who asks later.`);
  if (trimmed.length <= most) return trimmed;
  throw new InvalidInput('CLI.TOO_LONG', `${option} has ${trimmed.length} characters; at most ${most} are kept.`);
}
