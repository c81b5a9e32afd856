import { type CustomerId, DEFAULT_TENANT, type Instant } from '@perennial/values';
import type { activitiesOf, placesOf, Sheet, TimedActivity } from '@perennial/history';
import type { Replay, ReplaySummary } from '@perennial/lifecycle';
import { encodeFact, type Fact, TOPIC } from '@perennial/contracts';
import type { CompiledDefinition } from '@perennial/definition';

/** What all shares of a replay have in common. */
export interface ShareJob {
  /** YAML, known to compile. */
  readonly definition: string;
  /** The last clock. */
  readonly end: Instant;
  /** How many activities there are up to it, in all shares: the place of the clock. */
  readonly read: number;
  /** Whether lines are written. If neither, a customer's activities come together; else all come in order of time. */
  readonly facts: boolean;
  readonly states: boolean;
}

/** Lines, in the order of their places; several of one place are one text. */
export interface Lines {
  readonly places: number[];
  readonly texts: string[];
}

/** The customers of one share. Answers come in the order of the questions, which may be asked ahead. */
export interface Share {
  /** Takes activities: the lines of their facts; null when the sheet cannot be read. */
  take(sheet: Sheet): Promise<Lines | null>;
  /** The last clock for who entered before a place: the lines of facts and states, by the place of entry. */
  finish(before: number): Promise<Finished>;
  /** After the last customer. */
  summary(): Promise<ReplaySummary>;
  close(): Promise<void>;
}

export interface Finished {
  readonly facts: Lines;
  readonly states: Lines;
}

/** Libraries that take a while to load. */
interface Core {
  readonly Replay: typeof Replay;
  readonly activitiesOf: typeof activitiesOf;
  readonly placesOf: typeof placesOf;
}

export async function openShareReplay(
  definition: CompiledDefinition,
  job: Omit<ShareJob, 'definition'>,
): Promise<ShareReplay> {
  const [lifecycle, history] = await Promise.all([import('@perennial/lifecycle'), import('@perennial/history')]);
  return new ShareReplay(definition, job, { ...lifecycle, ...history });
}

/** The replay of one share. Where no lines are written, a customer is released as soon as the next one comes. */
export class ShareReplay {
  private readonly replay: Replay;
  private readonly keepsAll: boolean;
  /** Who entered, and where, as long as all are kept. */
  private readonly entered: { readonly customer: CustomerId; readonly place: number }[] = [];
  private finished = 0;
  private current: CustomerId | null = null;
  private lines: string[] = [];
  private place = 0;
  private decidedAt = 0;

  constructor(
    private readonly definition: CompiledDefinition,
    private readonly job: Omit<ShareJob, 'definition'>,
    private readonly core: Core,
  ) {
    this.keepsAll = job.facts || job.states;
    const onFact = (customer: CustomerId, fact: Fact): void => void this.lines.push(this.lineOf(customer, fact));
    this.replay = new core.Replay(definition, job.facts ? { onFact } : {});
  }

  take(sheet: Sheet): Lines | null {
    const activities = this.core.activitiesOf(sheet);
    if (activities === null) return null;
    const facts: Lines = { places: [], texts: [] };
    if (this.keepsAll) this.takeInOrder(activities, this.core.placesOf(sheet), facts);
    else for (const activity of activities) this.takeOfCurrent(activity);
    return facts;
  }

  finish(before: number): Finished {
    const facts: Lines = { places: [], texts: [] };
    const states: Lines = { places: [], texts: [] };
    if (!this.keepsAll) this.leave();
    for (; this.finished < this.entered.length; this.finished++) {
      const entry = this.entered[this.finished];
      if (entry === undefined || entry.place >= before) break;
      this.at(this.job.read, this.job.end);
      this.replay.finishOne(entry.customer, this.job.end);
      this.writeTo(facts, entry.place);
      if (this.job.states) write(states, entry.place, JSON.stringify(this.replay.customer(entry.customer)));
    }
    return { facts, states };
  }

  summary(): ReplaySummary {
    return this.replay.summary();
  }

  private takeInOrder(activities: readonly TimedActivity[], places: readonly number[], facts: Lines): void {
    for (const [row, activity] of activities.entries()) {
      const place = places[row] ?? 0;
      this.at(place, activity.at);
      this.replay.take(activity, activity.at);
      if (this.replay.size > this.entered.length) this.entered.push({ customer: activity.customer, place });
      this.writeTo(facts, place);
    }
  }

  private takeOfCurrent(activity: TimedActivity): void {
    if (activity.customer !== this.current) this.leave();
    this.current = activity.customer;
    this.replay.take(activity, activity.at);
  }

  private leave(): void {
    this.replay.finish(this.job.end);
    this.replay.release();
  }

  /** Facts are stamped as if the inputs stood in one partition from offset 0 on, each appended at its own time. */
  private at(place: number, decidedAt: Instant): void {
    this.place = place;
    this.decidedAt = decidedAt;
  }

  private writeTo(facts: Lines, place: number): void {
    if (this.lines.length === 0) return;
    write(facts, place, this.lines.join('\n'));
    this.lines = [];
  }

  private lineOf(customer: CustomerId, fact: Fact): string {
    const { name, version } = this.definition;
    const position = { topic: TOPIC.activity, partition: 0, offset: this.place };
    const { decidedAt } = this;
    const stamp = { tenant: DEFAULT_TENANT, customer, position, decidedAt, mode: 'history' } as const;
    const { topic, key, value } = encodeFact(fact, { ...stamp, definition: { name, version } }, 0);
    return `{"topic":${JSON.stringify(topic)},"key":${JSON.stringify(key)},"value":${textOf(value)}}`;
  }
}

function write({ places, texts }: Lines, place: number, text: string): void {
  places.push(place);
  texts.push(text);
}

const utf8 = new TextDecoder();

/** The value of a fact is JSON already. */
function textOf(value: string | Uint8Array | null): string {
  return value === null ? 'null' : typeof value === 'string' ? value : utf8.decode(value);
}
