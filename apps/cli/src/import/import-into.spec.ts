import { RetryableError } from '@perennial/values';
import type { ImportJob } from '@perennial/importer';
import { importInto } from './import-into';
import type { ImportConnection } from './import-ports';

it('an import of which nobody knows how far it came does not say that nothing was sent', async () => {
  const away = new RetryableError('STORE.AWAY', 'the database does not answer');
  const producer = { connect: () => Promise.resolve(), close: () => Promise.resolve() };
  const connection = {
    log: { producer: () => producer },
    imports: { find: () => Promise.reject(away) },
    partitions: 4,
  } as unknown as ImportConnection;
  const said: string[] = [];
  const tools = { title: 'import', say: (line: string) => void said.push(line), signal: new AbortController().signal };
  const job = { name: 'orders' } as Omit<ImportJob, 'partitions'>;
  await expect(importInto(connection, job, tools)).rejects.toBe(away);
  expect(said).toEqual(['How far the import orders is cannot be read now. The same command goes on from there.']);
});
