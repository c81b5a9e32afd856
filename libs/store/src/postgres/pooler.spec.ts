import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { type Database, openDatabase } from './database';

/** What PgBouncer lets through at connect. Source: its `ignore_startup_parameters` and the parameters that it tracks. */
const KNOWN = [
  'user',
  'database',
  'client_encoding',
  'datestyle',
  'timezone',
  'standard_conforming_strings',
  'application_name',
];

/** Speaks PostgreSQL's protocol 3.0 like PgBouncer in session mode: no other parameters at connect, any simple statement. */
class Pooler {
  readonly statements: string[] = [];
  private readonly server: Server = createServer((socket) => {
    this.serve(socket);
  });
  private readonly sockets = new Set<Socket>();

  /** `refusal`: what it says to everybody instead of letting them in. */
  constructor(private readonly refusal: string | null = null) {}

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    let isIn = false;
    let received = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes]);
      for (;;) {
        const head = isIn ? 1 : 0;
        if (received.length < head + 4) return;
        const end = head + received.readInt32BE(head);
        if (received.length < end) return;
        const message = received.subarray(0, end);
        received = received.subarray(end);
        if (isIn) this.answer(socket, message);
        else isIn = this.letIn(socket, message);
      }
    });
  }

  private letIn(socket: Socket, startup: Buffer): boolean {
    const names = startup
      .subarray(8)
      .toString('latin1')
      .split('\0')
      .filter((_, index) => index % 2 === 0 && _ !== '');
    const unknown = names.find((name) => !KNOWN.includes(name));
    const refusal = this.refusal ?? (unknown === undefined ? null : `unsupported startup parameter: ${unknown}`);
    if (refusal === null) socket.write(Buffer.concat([framed('R', Buffer.alloc(4)), READY]));
    else socket.end(framed('E', Buffer.from(`SFATAL\0C08P01\0M${refusal}\0\0`, 'latin1')));
    return refusal === null;
  }

  private answer(socket: Socket, message: Buffer): void {
    if (message.toString('latin1', 0, 1) !== 'Q') return;
    const text = message.toString('utf8', 5, message.length - 1);
    this.statements.push(text);
    const done = text.split(';').map(() => framed('C', Buffer.from('SET\0', 'latin1')));
    socket.write(Buffer.concat([...done, READY]));
  }
}

function framed(kind: string, body: Buffer): Buffer {
  const head = Buffer.from(`${kind}0000`, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
const READY = framed('Z', Buffer.from('I', 'latin1'));

describe('Through a pooler in session mode', () => {
  let pooler: Pooler;
  let database: Database;

  async function connect(refusal: string | null, query = ''): Promise<Database> {
    pooler = new Pooler(refusal);
    const port = await pooler.listen();
    database = openDatabase({ url: `postgres://u:p@127.0.0.1:${port}/db${query}`, queryTimeoutMs: 3_001 });
    return database;
  }
  afterEach(async () => {
    await database.close();
    await pooler.close();
  });

  it('a session is opened, and bounded by its first statement', async () => {
    await (await connect(null)).ping();
    await database.ping();
    expect(pooler.statements).toEqual([
      'SET statement_timeout = 3001; SET idle_in_transaction_session_timeout = 1501',
      'SELECT 1',
      'SELECT 1',
    ]);
  });

  it('a parameter of the URL that it refuses is a wrong configuration, with the remedy', async () => {
    const refused = (await connect(null, '?options=-c%20search_path%3Da')).ping();
    await expect(refused).rejects.toMatchObject({
      name: 'InvalidInput',
      code: 'STORE.MISCONFIGURED',
      message: expect.stringMatching(
        /cannot be used as configured: unsupported startup parameter: options \(08P01\)\. Take the parameter out of DATABASE_URL/,
      ) as string,
    });
  });

  it.each([
    ['query_wait_timeout', 'STORE.UNREACHABLE'],
    ['server login has been failing, try again later (server_login_retry)', 'STORE.UNREACHABLE'],
    ['server login failed: FATAL the database system is starting up', 'STORE.UNREACHABLE'],
    ['server conn crashed?', 'STORE.UNREACHABLE'],
    ['client_login_timeout (server down)', 'STORE.UNREACHABLE'],
    ['server DNS lookup failed', 'STORE.UNREACHABLE'],
    ['no more connections allowed (max_client_conn)', 'STORE.EXHAUSTED'],
    ['no such database: db', 'STORE.MISCONFIGURED'],
    ['SASL authentication failed', 'STORE.MISCONFIGURED'],
    ['no such user', 'STORE.MISCONFIGURED'],
  ])('%s is %s', async (refusal, code) => {
    await expect((await connect(refusal)).ping()).rejects.toMatchObject({ code });
  });
});
