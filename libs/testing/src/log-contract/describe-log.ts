import type { Log } from '@perennial/stream';
import { LogBench } from './log-bench';
import { describeConsumer } from './consumer-contract';
import { describeProducer } from './producer-contract';
import { describeAdmin, describeReader } from './reader-contract';

/**
 * What every log promises, whatever it is made of: one named test for each behaviour.
 * @param without `consumers`: of a log that others consume.
 */
export function describeLog(name: string, open: () => Log | Promise<Log>, without?: 'consumers'): void {
  describe(`${name}, as every log,`, () => {
    let bench: LogBench;
    beforeEach(async () => {
      bench = await LogBench.open(await open());
    });
    afterEach(() => bench.close());
    const current = () => bench;
    describe('has a producer that', () => {
      describeProducer(current);
    });
    if (without !== 'consumers') {
      describe('has a consumer that', () => {
        describeConsumer(current);
      });
    }
    describe('has a reader that', () => {
      describeReader(current);
    });
    describe('has an admin that', () => {
      describeAdmin(current);
    });
  });
}
