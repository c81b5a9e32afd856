import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:net';

/** Below the range that outgoing connections take their ports from, so that none slips in before the server binds. */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** Different ports of 127.0.0.1 that nobody listens on; a preferred one where it is still free. */
export async function freePorts(preferred: readonly (number | null)[]): Promise<number[]> {
  const held: Server[] = [];
  try {
    const ports: number[] = [];
    for (const wish of preferred) {
      const [port, server] = await hold(wish);
      held.push(server);
      ports.push(port);
    }
    return ports;
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

async function hold(wish: number | null): Promise<[number, Server]> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = attempt === 0 && wish !== null ? wish : randomInt(LOWEST, HIGHEST);
    const server = await listen(port);
    if (server !== null) return [port, server];
  }
  throw new Error(`no free port found between ${LOWEST} and ${HIGHEST}`);
}

function listen(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(null);
    });
    server.listen(port, '127.0.0.1', () => {
      resolve(server);
    });
  });
}
