import { type OutRecord } from '@perennial/contracts';
import { InvalidInput } from '@perennial/values';
import type { Acknowledged, LogProducer } from '../port';

type Answer = Promise<readonly Acknowledged[]>;

/** Remembered producers; the one that was silent for longest is forgotten first. */
const MAX_PRODUCERS = 1_000;

/** Does each numbered call of each producer once, however often it is asked for. */
export class AppendOnce {
  private readonly last = new Map<string, { readonly number: number; readonly answer: Answer }>();

  constructor(private readonly producer: LogProducer) {}

  append(producer: string, number: number, records: readonly OutRecord[]): Answer {
    const last = this.last.get(producer);
    if (last?.number === number) return last.answer;
    if (number !== (last === undefined ? 0 : last.number + 1)) {
      return Promise.reject(
        new InvalidInput('STREAM.CALL_OUT_OF_ORDER', `call ${number} of this producer is not the next one`),
      );
    }
    const answer = this.producer.send(records);
    this.last.delete(producer);
    this.last.set(producer, { number, answer });
    for (const oldest of this.last.keys()) {
      if (this.last.size <= MAX_PRODUCERS) break;
      this.last.delete(oldest);
    }
    return answer;
  }
}
