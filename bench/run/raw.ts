/** As fast as our client reads and Node parses: the ceiling of whatever is built on them. */
import { eachRecord } from '../oracle/read-moves';
import type { Site } from './site';

/** Records per second, first to last. */
export async function rawRate(site: Site, topic: string): Promise<number> {
  const text = new TextDecoder();
  let [first, last, records] = [0, 0, 0];
  await eachRecord(site, topic, ({ value }) => {
    if (records === 0) first = performance.now();
    if (value !== null) JSON.parse(text.decode(value));
    records += 1;
    last = performance.now();
  });
  return (records / (last - first)) * 1000;
}
