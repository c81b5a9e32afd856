/** `perennial import --give-up`: ends an import whose rows are lost, with what was sent. */
import { InvalidInput } from '@perennial/values';
import type { GivenUp } from '@perennial/importer';
import { EXIT, onInterrupt, type Terminal } from '@perennial/command-line';
import { confirm } from '../operator';
import { type Connection, findConnection } from '../connection';
import { openProducer } from '../log-producer';
import { tenantOf } from '../arguments';
import { CLOCK } from './describe-imported';
import { number } from './describe-found';
import { inTurn } from './import-history';
import { importPorts, openImportDisplay } from './import-ports';
import type { ImportArguments } from './import-request';

type Given = Pick<ImportArguments, 'name' | 'tenant' | 'goLive' | 'yes' | 'json'>;

/** Brings the tenant live without the rest of the rows, once somebody at the terminal agrees. */
export async function giveUpImport(given: Given, terminal: Terminal): Promise<void> {
  const { name } = given;
  if (name === undefined)
    throw new InvalidInput(
      'CLI.NO_NAME',
      'Say which import is given up: --name NAME. The import tells its name when it ends half way.',
    );
  const { signal, release } = onInterrupt(() => Promise.resolve());
  try {
    const connection = await findConnection(terminal);
    try {
      await inTurn(connection, async () => {
        const asked = `Give the import ${name} up? The rest of its rows is not sent, and the tenant goes live. It cannot be taken back.`;
        if (!given.yes && (await confirm(asked, signal)) === false)
          throw new InvalidInput('CLI.NOT_CONFIRMED', 'Nothing was done.');
        const ended = await carryOut(connection, { ...given, name }, terminal, signal);
        if (given.json) terminal.json(JSON.stringify(givenUpJson(name, ended)));
        else terminal.out(describeGivenUp(name, ended));
      });
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    terminal.say('Interrupted. The same command goes on.');
    process.exitCode = EXIT.interrupted;
  } finally {
    release();
  }
}

async function carryOut(
  connection: Connection,
  { name, tenant, goLive }: Given & { readonly name: string },
  { say }: Terminal,
  signal: AbortSignal,
): Promise<GivenUp> {
  const { giveUp } = await import('@perennial/importer');
  const { partitions } = connection;
  const display = openImportDisplay('import');
  const producer = await openProducer(connection.log);
  try {
    const ports = importPorts(connection, producer, { onProgress: display.update, say, signal });
    return await giveUp({ name, tenant: tenantOf(tenant, '--tenant'), goLive: goLive ?? null, partitions }, ports);
  } finally {
    display.stop();
    await producer.close();
  }
}

export function givenUpJson(name: string, { result, status }: GivenUp) {
  const { tenant, ending, total, acknowledged } = status;
  return { name, tenant, ending, result, total, acknowledged };
}

export function describeGivenUp(name: string, { result, status }: GivenUp): string {
  const { tenant, ending, total, acknowledged } = status;
  const sent = `${number(acknowledged)} of ${number(total)} activities were sent into tenant ${tenant}.`;
  return result === 'done-before'
    ? `The import ${name} was done before: ${sent} ${CLOCK[ending]}`
    : `The import ${name} is given up: ${sent} ${CLOCK[ending]}`;
}
