/** For tests: a connection on which bytes are sent as they are, however wrong. */
import { connect, type Socket } from 'node:net';

export class RawConnection {
  readonly #socket: Socket;
  #received = '';
  #isClosed = false;
  #changed: () => void = () => undefined;

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.#socket = connect(Number(port), hostname);
    this.#socket.on('data', (bytes) => {
      this.#received += bytes.toString('latin1');
      this.#changed();
    });
    // A connection that is reset is closed, too.
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => {
      this.#isClosed = true;
      this.#changed();
    });
  }

  send(text: string): void {
    this.#socket.write(text, 'latin1');
  }

  /** Sends no more, and goes on receiving. */
  end(): void {
    this.#socket.end();
  }

  /** All that was received, once it holds the text; or once the other side has closed. */
  async receivedWith(text: string): Promise<string> {
    while (!this.#received.includes(text) && !this.#isClosed) {
      await new Promise<void>((resolve) => (this.#changed = resolve));
    }
    return this.#received;
  }

  /** All that was received until the other side closed. */
  async receivedToEnd(): Promise<string> {
    while (!this.#isClosed) await new Promise<void>((resolve) => (this.#changed = resolve));
    return this.#received;
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Status and JSON body of the last answer in the bytes of a connection. */
export function lastAnswerIn(received: string): { readonly status: number; readonly body: unknown } {
  const last = received.slice(received.lastIndexOf('HTTP/1.1 '));
  const body = last.slice(last.indexOf('\r\n\r\n') + 4);
  return { status: Number(last.slice(9, 12)), body: body === '' ? null : (JSON.parse(body) as unknown) };
}
