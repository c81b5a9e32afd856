import { connect, createServer, type Server, type Socket } from 'node:net';

export type Direction = 'to-server' | 'from-server';
/** `cut` closes all connections; `freeze` leaves them open and forwards nothing, as a dead network does. */
export type Interruption = 'cut' | 'freeze';

/** A TCP proxy before a database, to break the network with. */
export interface StoreProxy {
  /** The database, through the proxy. */
  readonly url: string;
  /** Stops at the first bytes that spell `text`: what comes before them is forwarded, they are not. Resolves when it happened. */
  readonly stopAt: (direction: Direction, text: string, interruption: Interruption) => Promise<void>;
  readonly interrupt: (interruption: Interruption) => void;
  /** Connections of before and new ones forward again. */
  readonly thaw: () => void;
  readonly close: () => Promise<void>;
}

interface Trap {
  readonly direction: Direction;
  readonly text: string;
  readonly spring: () => void;
}

export async function startStoreProxy(databaseUrl: string): Promise<StoreProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let frozen = false;
  let trap: Trap | null = null;

  const interrupt = (interruption: Interruption): void => {
    if (interruption === 'freeze') {
      frozen = true;
      for (const socket of sockets) socket.pause();
    } else for (const socket of sockets) socket.destroy();
  };
  const forward = (from: Socket, to: Socket, direction: Direction): void => {
    sockets.add(from);
    from.on('data', (bytes: Buffer) => {
      const sprung = trap?.direction === direction && bytes.includes(trap.text) ? trap : null;
      if (sprung === null) {
        to.write(bytes);
        return;
      }
      trap = null;
      const at = bytes.indexOf(sprung.text);
      from.pause().unshift(bytes.subarray(at));
      to.write(bytes.subarray(0, at), sprung.spring);
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    if (frozen) from.pause();
  };
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    forward(client, upstream, 'to-server');
    forward(upstream, client, 'from-server');
  });
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(await listen(server)).toString()}`;

  return {
    url: url.href,
    stopAt: (direction, text, interruption) =>
      new Promise((resolve) => {
        const spring = (): void => {
          interrupt(interruption);
          resolve();
        };
        trap = { direction, text, spring };
      }),
    interrupt,
    thaw: () => {
      frozen = false;
      for (const socket of sockets) socket.resume();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        interrupt('cut');
      }),
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('The proxy has no port.'));
      else resolve(address.port);
    });
  });
}
