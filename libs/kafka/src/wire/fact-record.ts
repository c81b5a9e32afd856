/**
 * Facts written straight into a batch, without the record, headers and text they are elsewhere: they are most of what an
 * engine writes. The same bytes as `encodeFact` and the general way give.
 */
import {
  CLOUD_EVENTS_VERSION,
  FACT_CONTENT,
  FACT_SOURCE,
  FACT_TOPICS,
  factId,
  factTime,
  type StatedFact,
  writeFact,
} from '@perennial/contracts';
import { RecordBytes } from './primitive-types';

const LIKELY_KEY = 32;
const LIKELY_VALUE = 500;
const LIKELY_HEADER = 32;
const HEADERS = 7;

/** Key, value and headers. */
export function writeFactRecord(out: RecordBytes, { fact, stamp, index }: StatedFact): void {
  const key = out.open(LIKELY_KEY);
  out.plain(stamp.tenant);
  out.fixed(':');
  out.plain(stamp.customer);
  out.close(key, LIKELY_KEY);
  const value = out.open(LIKELY_VALUE);
  writeFact(out, fact, stamp);
  out.close(value, LIKELY_VALUE);
  out.varint(HEADERS);
  out.bytes(BEFORE_ID);
  header(out, factId(stamp, index));
  out.bytes(BEFORE_SUBJECT[fact.kind]);
  header(out, stamp.customer);
  out.bytes(BEFORE_TIME);
  header(out, factTime(stamp));
  out.bytes(AFTER_TIME);
}

function header(out: RecordBytes, text: string): void {
  const start = out.open(LIKELY_HEADER);
  out.plain(text);
  out.close(start, LIKELY_HEADER);
}

/** Texts with their lengths before them. */
function texts(...all: readonly string[]): Uint8Array {
  const out = new RecordBytes(LIKELY_VALUE, 0);
  for (const text of all) header(out, text);
  return out.buffer.subarray(0, out.at);
}

const beforeSubject = (topic: string): Uint8Array => texts('ce_type', topic, 'ce_source', FACT_SOURCE, 'ce_subject');

const BEFORE_ID = texts('ce_specversion', CLOUD_EVENTS_VERSION, 'ce_id');
const BEFORE_SUBJECT = {
  'stage-changed': beforeSubject(FACT_TOPICS['stage-changed']),
  signal: beforeSubject(FACT_TOPICS.signal),
  state: beforeSubject(FACT_TOPICS.state),
} as const;
const BEFORE_TIME = texts('ce_time');
const AFTER_TIME = texts('content-type', FACT_CONTENT);
