import { request } from 'node:http';
import { InvalidInput, RetryableError } from '@perennial/values';
import { describeLog, record } from '@perennial/testing';
import { createInProcessLog } from '../in-process/in-process-log';
import type { Log } from '../port';
import { prefixed } from '../prefixed';
import { createRemoteLog } from './remote-log';
import { serveLog } from './serve-log';
import { MAX_BODY_BYTES } from './protocol';

const inMemory = () => createInProcessLog({ directory: null, now: Date.now });

/** A log as another process sees it; closing it ends both sides. */
async function remote(): Promise<Log> {
  const log = inMemory();
  const served = await serveLog(log, { token: 'secret', port: 0 });
  const client = createRemoteLog(served.url, 'secret');
  const close = async () => {
    await client.close();
    await served.close();
    await log.close();
  };
  return { ...client, close };
}

describeLog('A log served to another process', remote, 'consumers');
describeLog('A served log behind a prefix', async () => prefixed(await remote(), 'eu.'), 'consumers');

describe('A served log', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });

  async function serve(): Promise<{ log: Log; url: string }> {
    const log = inMemory();
    await log.admin().createTopics([{ name: 't', partitions: 1, replication: 1, config: {} }]);
    const served = await serveLog(log, { token: 'secret', port: 0 });
    open.push(log, served);
    return { log, url: served.url };
  }

  it('answers on this machine only', async () => {
    expect((await serve()).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('refuses a wrong token', async () => {
    const client = createRemoteLog((await serve()).url, 'guess');
    await expect(client.producer().send([record('t', 0, 'a')])).rejects.toMatchObject({ code: 'STREAM.WRONG_TOKEN' });
    await expect(client.admin().offsets('t')).rejects.toThrow(InvalidInput);
  });

  it('refuses a body that is too long, or is no request', async () => {
    const { url } = await serve();
    const post = (body: string) =>
      new Promise<string>((resolve, reject) => {
        const asking = request(`${url}/append`, { method: 'POST', headers: { authorization: 'Bearer secret' } });
        asking.on('error', reject).on('response', (response) => {
          response.setEncoding('utf8').once('data', (text: string) => {
            resolve(text);
            asking.destroy();
          });
        });
        asking.end(body);
      });
    expect(await post('x'.repeat(MAX_BODY_BYTES + 1))).toContain('STREAM.BODY_TOO_LARGE');
    expect(await post('{')).toContain('STREAM.MALFORMED');
    expect(await post('{"producer": 1}')).toContain('STREAM.MALFORMED');
  });

  it('does a repeated call once', async () => {
    const { log, url } = await serve();
    const body = JSON.stringify({
      producer: '7b0c1d7e-52a3-4c9e-9d35-0a4f3f1c2b11',
      number: 0,
      records: [{ topic: 't', partition: 0, key: null, value: null, headers: [] }],
    });
    const post = async () =>
      (await fetch(`${url}/append`, { method: 'POST', headers: { authorization: 'Bearer secret' }, body })).json();
    const first: unknown = await post();
    expect(await post()).toEqual(first);
    expect(await log.admin().offsets('t')).toEqual([{ partition: 0, low: 0, high: 1 }]);
  });

  it('has no consumers, and says what to do instead', async () => {
    const client = createRemoteLog((await serve()).url, 'secret');
    expect(() => client.consumer({ topic: 't', group: 'g' })).toThrow(/KAFKA_BROKERS/);
  });

  it('is away when its process is: callers may try again', async () => {
    const { url } = await serve();
    for (const one of open.splice(0).reverse()) await one.close();
    const client = createRemoteLog(url, 'secret');
    await expect(client.producer().send([record('t', 0, 'a')])).rejects.toThrow(RetryableError);
    await expect(client.admin().connect()).rejects.toThrow(/does `perennial up` still run/);
  });
});
