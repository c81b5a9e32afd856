import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between clients and the collector at an address of its own; can lose answers. */
export class LossyNetwork {
  private lost: (() => void) | null = null;

  private constructor(
    private readonly server: Server,
    private collector: number,
  ) {
    server.on('connection', (client: Socket) => {
      this.connect(client);
    });
  }

  static async open(): Promise<LossyNetwork> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new LossyNetwork(server, 0);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on requests go to the collector at this address, and its answers come back. */
  leadTo(url: string): void {
    this.collector = Number(new URL(url).port);
    this.lost = null;
  }

  /** From now on no answer comes back; resolves when the first one that says "taken" is lost. */
  loseAnswers(): Promise<void> {
    return new Promise((resolve) => {
      this.lost = resolve;
    });
  }

  async close(): Promise<void> {
    this.server.close();
    await once(this.server, 'close');
  }

  private connect(client: Socket): void {
    const collector = connect(this.collector, '127.0.0.1');
    client.pipe(collector);
    collector.on('data', (bytes: Buffer) => {
      if (this.lost === null) client.write(bytes);
      else if (bytes.toString('latin1').startsWith('HTTP/1.1 20')) this.lost();
    });
    for (const [one, other] of [
      [client, collector],
      [collector, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  }
}
