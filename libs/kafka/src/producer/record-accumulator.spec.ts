import fc from 'fast-check';
import { type Emission, written } from '@perennial/contracts';
import { InvalidInput, RetryableError } from '@perennial/values';
import { gate, record, valueText } from '@perennial/testing';
import { RecordAccumulator, type RecordMetadata, type SendLimits } from './record-accumulator';

const LIMITS: SendLimits = { maxRequestBytes: 1000, maxQueuedBytes: 100_000, timeoutMs: 1000 };

/** A log of one topic in memory that writes down the requests it got. */
class Target {
  readonly requests: string[][] = [];
  readonly lengths = new Map<number, number>();
  before: (texts: readonly string[]) => Promise<void> = () => Promise.resolve();

  readonly transport = async (records: readonly Emission[]): Promise<RecordMetadata> => {
    const texts = records.map((record) => valueText(written(record)));
    this.requests.push(texts);
    await this.before(texts);
    const places = records.map(({ topic, partition = 0 }) => {
      const baseOffset = this.lengths.get(partition) ?? 0;
      this.lengths.set(partition, baseOffset + 1);
      return { topic, partition, baseOffset };
    });
    const starts = [...new Map(places.toReversed().map((place) => [place.partition, place])).values()];
    return {
      batches: starts,
      batchOf: Uint32Array.from(places, ({ partition }) => starts.findIndex((start) => start.partition === partition)),
      indexIn: Uint32Array.from(places, ({ partition, baseOffset }) => {
        const start = starts.find((one) => one.partition === partition);
        return baseOffset - (start?.baseOffset ?? 0);
      }),
    };
  };
}

function refuse(text: string) {
  return (texts: readonly string[]) =>
    texts.includes(text) ? Promise.reject(new InvalidInput('TEST.REFUSED', text)) : Promise.resolve();
}

describe('The record accumulator', () => {
  it('puts the calls of a turn into one request, and answers each with its own offsets', async () => {
    const target = new Target();
    const accumulator = new RecordAccumulator(target.transport, LIMITS);
    const [one, two] = await Promise.all([
      accumulator.send([record('t', 0, 'a'), record('t', 1, 'b')]),
      accumulator.send([record('t', 0, 'c')]),
    ]);
    expect(target.requests).toEqual([['a', 'b', 'c']]);
    expect(one).toEqual([
      { topic: 't', partition: 0, baseOffset: 0 },
      { topic: 't', partition: 1, baseOffset: 0 },
    ]);
    expect(two).toEqual([{ topic: 't', partition: 0, baseOffset: 1 }]);
  });

  it('has one request under way, and collects what comes meanwhile (invariant 1)', async () => {
    const target = new Target();
    const first = gate();
    target.before = () => first.passed;
    const accumulator = new RecordAccumulator(target.transport, LIMITS);
    const calls = [accumulator.send([record('t', 0, 'a')])];
    await new Promise((resolve) => setImmediate(resolve));
    calls.push(accumulator.send([record('t', 0, 'b')]), accumulator.send([record('t', 0, 'c')]));
    expect(target.requests).toEqual([['a']]);
    first.open();
    await Promise.all(calls);
    expect(target.requests).toEqual([['a'], ['b', 'c']]);
  });

  it('writes what was called, in that order, in requests within the limit, whatever the sizes (invariant 1)', async () => {
    const call = fc.array(fc.integer({ min: 1, max: 600 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 12 }), async (calls) => {
        const target = new Target();
        const accumulator = new RecordAccumulator(target.transport, LIMITS);
        const named = calls.map((sizes, index) => sizes.map((size, place) => `${index}.${place}.${'x'.repeat(size)}`));
        await Promise.all(named.map((texts) => accumulator.send(texts.map((text) => record('t', 0, text)))));
        expect(target.requests.flat()).toEqual(named.flat());
        for (const texts of target.requests) {
          expect(texts.length === 1 || texts.join('').length <= LIMITS.maxRequestBytes).toBe(true);
        }
      }),
    );
  });

  it('gives a request the time that is left to its oldest call (invariant 2)', async () => {
    const deadlines: number[] = [];
    const accumulator = new RecordAccumulator((records, deadline) => {
      deadlines.push(deadline - performance.now());
      return new Target().transport(records);
    }, LIMITS);
    await accumulator.send([record('t', 0, 'a')]);
    expect(deadlines[0]).toBeGreaterThan(0);
    expect(deadlines[0]).toBeLessThanOrEqual(LIMITS.timeoutMs);
  });

  it('does not send a call whose time is up (invariant 2)', async () => {
    const target = new Target();
    const first = gate();
    target.before = () => first.passed;
    const accumulator = new RecordAccumulator(target.transport, { ...LIMITS, timeoutMs: 5 });
    const slow = accumulator.send([record('t', 0, 'a')]);
    await new Promise((resolve) => setImmediate(resolve));
    const late = accumulator.send([record('t', 0, 'b')]);
    const until = performance.now() + 10;
    while (performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
    first.open();
    await slow;
    await expect(late).rejects.toMatchObject({ code: 'STREAM.SEND_TIMED_OUT' });
    expect(target.requests).toEqual([['a']]);
  });

  it('begins no request with less than half of the time left: given up half-way it would be sent again (invariant 5)', async () => {
    const target = new Target();
    const first = gate();
    target.before = () => first.passed;
    const accumulator = new RecordAccumulator(target.transport, { ...LIMITS, timeoutMs: 40 });
    const slow = accumulator.send([record('t', 0, 'a')]);
    await new Promise((resolve) => setImmediate(resolve));
    const late = accumulator.send([record('t', 0, 'b')]);
    const until = performance.now() + 25;
    while (performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
    first.open();
    await slow;
    await expect(late).rejects.toMatchObject({ code: 'STREAM.SEND_TIMED_OUT' });
    expect(target.requests).toEqual([['a']]);
  });

  it('counts bytes, not characters: a request holds no more of them than it may', async () => {
    const target = new Target();
    const accumulator = new RecordAccumulator(target.transport, LIMITS);
    await accumulator.send(
      Array.from({ length: 6 }, () => ({ topic: 't', key: '山'.repeat(100), value: null, headers: [] })),
    );
    expect(target.requests.map((request) => request.length)).toEqual([2, 2, 2]);
  });

  it('fails only the call whose record is refused (invariant 3)', async () => {
    const target = new Target();
    target.before = refuse('bad');
    const accumulator = new RecordAccumulator(target.transport, LIMITS);
    const answers = await Promise.allSettled(
      ['a', 'bad', 'c'].map((text) => accumulator.send([record('t', 0, text), record('t', 0, `${text}2`)])),
    );
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(target.lengths.get(0)).toBe(4);
  });

  it('fails every call of a request that got no answer, sends nothing more of them, and goes on', async () => {
    const target = new Target();
    target.before = ([text = '']) =>
      text.startsWith('1') ? Promise.reject(new RetryableError('TEST.AWAY', 'away')) : Promise.resolve();
    const accumulator = new RecordAccumulator(target.transport, LIMITS);
    const big = accumulator.send(['1', '2', '3'].map((text) => record('t', 0, text.repeat(600))));
    const small = accumulator.send([record('t', 0, 'small')]);
    await expect(big).rejects.toThrow(RetryableError);
    await expect(small).resolves.toHaveLength(1);
    expect(target.requests.map((texts) => texts.map((text) => text.slice(0, 5)))).toEqual([['11111'], ['small']]);
  });

  it('refuses what would wait beyond the bound (invariant 4)', async () => {
    const target = new Target();
    const held = gate();
    target.before = () => held.passed;
    const accumulator = new RecordAccumulator(target.transport, { ...LIMITS, maxQueuedBytes: 500 });
    const first = accumulator.send([record('t', 0, 'a')]);
    await new Promise((resolve) => setImmediate(resolve));
    const waiting = accumulator.send([record('t', 0, 'b'.repeat(400))]);
    await expect(accumulator.send([record('t', 0, 'c'.repeat(400))])).rejects.toMatchObject({
      code: 'STREAM.PRODUCER_FULL',
    });
    held.open();
    await Promise.all([first, waiting]);
    await expect(accumulator.send([record('t', 0, 'c'.repeat(400))])).resolves.toHaveLength(1);
  });

  it('answers an empty call at once, and fails what waits when it is closed', async () => {
    const target = new Target();
    const held = gate();
    target.before = () => held.passed;
    const accumulator = new RecordAccumulator(target.transport, LIMITS);
    await expect(accumulator.send([])).resolves.toEqual([]);
    const under = accumulator.send([record('t', 0, 'a')]);
    await new Promise((resolve) => setImmediate(resolve));
    const waiting = accumulator.send([record('t', 0, 'b')]);
    const closed = accumulator.close();
    await expect(waiting).rejects.toMatchObject({ code: 'STREAM.CLOSED' });
    held.open();
    await closed;
    await expect(under).resolves.toHaveLength(1);
    expect(target.requests).toEqual([['a']]);
  });
});
