import { OpenParts } from './open-parts';
import type { ServerProcess } from './server-process';

function opened() {
  const said: string[] = [];
  const step = (name: string) => (): Promise<void> => {
    said.push(name);
    return Promise.resolve();
  };
  const ends = new Map<string, (how: string) => void>();
  const server = (name: string): ServerProcess => ({
    name,
    ended: new Promise((resolve) => ends.set(name, resolve)),
    stop: step(`stop ${name}`),
    kill: step(`kill ${name}`),
  });
  const parts = new OpenParts();
  parts.servers.database = server('PostgreSQL');
  parts.servers.log = server('Kafka');
  parts.services.push({ url: '', stop: step('stop engine') });
  return { parts, said, ends };
}

describe('the parts of a stack', () => {
  it('end in order: services, log, database', async () => {
    const { parts, said } = opened();
    await parts.close();
    expect(said).toEqual(['stop engine', 'stop Kafka', 'stop PostgreSQL']);
  });

  it('end also when one of them fails to, and the failure is told', async () => {
    const { parts, said } = opened();
    parts.services.push({ url: '', stop: () => Promise.reject(new Error('stuck')) });
    await expect(parts.close()).rejects.toThrow('stuck');
    expect(said).toEqual(['stop engine', 'stop Kafka', 'stop PostgreSQL']);
  });

  it('tell when a server ends by itself', async () => {
    const { parts, ends } = opened();
    const watched = parts.unexpectedEnd();
    ends.get('Kafka')?.('signal SIGKILL');
    await expect(watched).rejects.toThrow('Kafka ended by itself (signal SIGKILL).');
  });

  it('do not call an end unexpected that was asked for', async () => {
    const { parts, ends } = opened();
    const watched = parts.unexpectedEnd();
    await parts.kill();
    ends.get('Kafka')?.('signal SIGKILL');
    await expect(watched).resolves.toBeUndefined();
  });
});
