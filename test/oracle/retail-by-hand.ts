/**
 * The retail lifecycle by hand: a second, naive implementation of the rules, written from the design's words and not from
 * the engine's code, so that it can disagree. It shares nothing with the engine but the type of the fact.
 *
 * 1. Deadlines up to and including an activity's time fire before it, each at its own time.
 * 2. One evaluation moves a customer at most once: signals in the definition's order, then the time in the stage.
 * 3. After a move into a stage that accepts another signal that is on, that signal is offered again a day later, or at the
 *    customer's next evaluation.
 * 4. Where a customer stands is told after each input (an activity, or the clock at the end) in which it came into a stage,
 *    were it the one it was in before.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StageChanged } from '@perennial/contracts';

/** A fact without what depends on the log it was decided from. */
export type ExpectedFact = Omit<StageChanged, 'decidedAt' | 'mode' | 'stateVersion'>;
type Cause = StageChanged['cause'];
/** What `state.v1` says of a customer after an input. */
export interface Standing {
  readonly customer: string;
  readonly stage: string;
  readonly since: string;
}
export interface ByHand {
  /** Customer by customer, in order of sequence. */
  readonly facts: readonly ExpectedFact[];
  /** Customer by customer, in order of time. */
  readonly standings: readonly Standing[];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DEFINITION = { name: 'retail', version: 1 };
const ORDERS = join(__dirname, '../../deploy/sample/online-retail/orders.csv');

interface Event {
  readonly customer: string;
  readonly id: string;
  readonly at: number;
  readonly purchase: boolean;
}

/** What is known of a customer; instants in milliseconds. */
interface Customer {
  readonly id: string;
  readonly facts: ExpectedFact[];
  readonly standings: Standing[];
  readonly firstAt: number;
  stage: string | null;
  enteredAt: number;
  orders: number;
  lastPurchaseAt: number | null;
  quiet: boolean;
  settleAt: number | null;
}

/** All `stage-changed` facts of the orders up to their newest instant, customer by customer, in order of sequence. */
export const retailByHand = (csv?: string): readonly ExpectedFact[] => lifecyclesByHand(csv).facts;

/** The same with where customers stand. */
export function lifecyclesByHand(csv: string = readFileSync(ORDERS, 'utf8')): ByHand {
  const events = eventsOf(csv);
  const customers = new Map<string, Customer>();
  for (const event of events) {
    let customer = customers.get(event.customer);
    const told = customer?.facts.length ?? 0;
    if (customer === undefined) {
      customer = enter(event);
      customers.set(event.customer, customer);
    }
    fireDeadlines(customer, event.at);
    take(customer, event);
    tellWhere(customer, told);
  }
  const end = events.at(-1)?.at;
  for (const customer of customers.values()) {
    const told = customer.facts.length;
    if (end !== undefined) fireDeadlines(customer, end);
    tellWhere(customer, told);
  }
  const all = [...customers.values()];
  return { facts: all.flatMap(({ facts }) => facts), standings: all.flatMap(({ standings }) => standings) };
}

/** After an input; `told`: so many facts there were before it. */
function tellWhere({ id, facts, standings, stage, enteredAt }: Customer, told: number): void {
  if (stage === null || facts.length === told) return;
  standings.push({ customer: id, stage, since: new Date(enteredAt).toISOString() });
}

/** In order of time; the file has one row per customer and minute, and a row's order comes before its refund. */
function eventsOf(csv: string): Event[] {
  const events: Event[] = [];
  for (const line of csv.trim().split('\n').slice(1)) {
    const [customer = '', minute = '', , , , gross = '', returned = ''] = line.split(',');
    const at = Date.parse(minute.replace('Z', ':00Z'));
    const isOrder = Number(gross) > 0 || Number(returned) === 0;
    if (isOrder) events.push({ customer, id: `${customer}-${minute}-order`, at, purchase: true });
    if (Number(returned) > 0) events.push({ customer, id: `${customer}-${minute}-refund`, at, purchase: false });
  }
  return events.sort((a, b) => a.at - b.at);
}

function enter({ customer: id, id: activityId, at }: Event): Customer {
  const customer: Customer = {
    id,
    facts: [],
    standings: [],
    firstAt: at,
    stage: null,
    enteredAt: at,
    orders: 0,
    lastPurchaseAt: null,
    quiet: false,
    settleAt: null,
  };
  move(customer, 'onboarding', at, { kind: 'entry', signal: null, activityId });
  return customer;
}

function take(customer: Customer, { id: activityId, at, purchase }: Event): void {
  if (purchase) {
    const sameOccasion = customer.lastPurchaseAt !== null && at - customer.lastPurchaseAt < 24 * HOUR;
    if (!sameOccasion) customer.orders += 1;
    customer.lastPurchaseAt = at;
    customer.quiet = false;
  }
  evaluate(customer, at, purchase, (signal) => ({ kind: 'activity', signal, activityId }));
}

/** One evaluation for every instant at which something is due. */
function fireDeadlines(customer: Customer, until: number): void {
  for (;;) {
    const quietAt = customer.quiet ? Infinity : (customer.lastPurchaseAt ?? customer.firstAt) + 60 * DAY;
    const settleAt = customer.settleAt ?? Infinity;
    const at = Math.min(quietAt, settleAt, stageEndsAt(customer));
    if (at > until) return;
    const kind = quietAt === at ? 'deadline' : 'settle';
    if (quietAt === at) customer.quiet = true;
    if (settleAt === at) customer.settleAt = null;
    evaluate(customer, at, false, (signal) => ({ kind, signal, activityId: null }));
  }
}

function stageEndsAt({ stage, enteredAt }: Customer): number {
  if (stage === 'onboarding') return enteredAt + 30 * DAY;
  if (stage === 'dormancy') return enteredAt + 180 * DAY;
  return Infinity;
}

/** Offers the signals in their order, then the time in the stage; the first that is accepted moves the customer. */
function evaluate(customer: Customer, at: number, purchase: boolean, because: (signal: string) => Cause): void {
  for (const [signal, isOn] of [...levels(customer), ...pulses(customer, purchase)]) {
    const next = isOn ? target(customer.stage, signal) : null;
    if (next !== null) {
      move(customer, next, at, because(signal));
      return;
    }
  }
  if (at < stageEndsAt(customer)) return;
  const next = customer.stage === 'onboarding' ? 'dormancy' : 'closed';
  move(customer, next, at, { kind: 'after', signal: null, activityId: null });
}

function levels({ orders, quiet }: Customer): [string, boolean][] {
  return [
    ['firstOrder', orders >= 1],
    ['habit', orders >= 3],
    ['quiet', quiet],
  ];
}

function pulses({ orders }: Customer, purchase: boolean): [string, boolean][] {
  return [
    ['regular', purchase && orders >= 3],
    ['back', purchase],
  ];
}

function target(stage: string | null, signal: string): string | null {
  switch (`${String(stage)} on ${signal}`) {
    case 'onboarding on firstOrder':
    case 'dormancy on back':
    case 'closed on back':
      return 'activation';
    case 'activation on habit':
    case 'dormancy on regular':
      return 'in-life';
    case 'activation on quiet':
    case 'in-life on quiet':
      return 'dormancy';
    default:
      return null;
  }
}

function move(customer: Customer, to: string, at: number, cause: Cause): void {
  const from = customer.stage;
  customer.facts.push({
    customer: customer.id,
    cycle: 'main',
    region: 'stage',
    sequence: customer.facts.length + 1,
    from,
    to,
    path: `${from ?? ''} → ${to}`.trim(),
    occurredAt: new Date(at).toISOString(),
    cause,
    definition: DEFINITION,
    correction: null,
    previousStageEnteredAt: from === null ? null : new Date(customer.enteredAt).toISOString(),
  });
  customer.stage = to;
  customer.enteredAt = at;
  const pending = from !== null && levels(customer).some(([signal, isOn]) => isOn && target(to, signal) !== null);
  customer.settleAt = pending ? at + DAY : null;
}

/** Stages with their customers, and moves without entries, as the main job's summary spells them. */
export function summaryByHand(facts: readonly ExpectedFact[]): {
  customers: number;
  facts: number;
  stages: Record<string, number>;
  moves: Record<string, number>;
} {
  const stageOf = new Map(facts.map(({ customer, to }) => [customer, to]));
  const stages: Record<string, number> = {};
  for (const stage of stageOf.values()) stages[stage] = (stages[stage] ?? 0) + 1;
  const moves: Record<string, number> = {};
  for (const { from, to } of facts) {
    if (from !== null) moves[`${from}>${to}`] = (moves[`${from}>${to}`] ?? 0) + 1;
  }
  return { customers: stageOf.size, facts: facts.length, stages, moves };
}
