import { Worker } from 'node:worker_threads';
import { ShareThread } from './share-thread';

const threadOf = (source: string): ShareThread => new ShareThread(new Worker(source, { eval: true }));
const OPEN = `const { parentPort } = require('node:worker_threads');`;

describe('A share in a thread', () => {
  it('answers in the order of the questions (1)', async () => {
    const thread = threadOf(`${OPEN} parentPort.on('message', ({ before }) => parentPort.postMessage(before));`);
    expect(await Promise.all([1, 2, 3].map((before) => thread.finish(before)))).toEqual([1, 2, 3]);
    await thread.close();
  });

  it('fails open and later questions with the error that ended it (2)', async () => {
    const thread = threadOf(`${OPEN} parentPort.on('message', () => { throw new RangeError('no region 7'); });`);
    const open = await Promise.allSettled([thread.summary(), thread.finish(1)]);
    expect(open).toMatchObject([{ reason: { message: 'no region 7' } }, { reason: { message: 'no region 7' } }]);
    await expect(thread.summary()).rejects.toThrow('no region 7');
    await thread.close();
  });

  it('fails what it does not answer any more (2)', async () => {
    const thread = threadOf(`${OPEN} parentPort.on('message', () => process.exit(3));`);
    await expect(thread.summary()).rejects.toThrow(
      'A worker thread of the replay ended before its work was done (exit code 3)',
    );
  });
});
