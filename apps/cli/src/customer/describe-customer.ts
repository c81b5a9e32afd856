import { formatMinorUnits } from '@perennial/values';
import type { CustomerView } from '@perennial/lifecycle';

const NAMES_WIDTH = 16;

/** A customer for people, in lines. */
export function describeCustomer(customer: string, view: CustomerView): readonly string[] {
  const { definition, parked, why } = view;
  const [[, stage] = ['', view.stage], ...regions] = Object.entries(view.regions);
  const rows: readonly (readonly [string, string])[] = [
    ['customer', `${customer}  (${definition.name} version ${definition.version})`],
    [
      'stage',
      `${stage}${parked ? '  PARKED: it would have made too many moves, or met too many deadlines, on one input' : ''}`,
    ],
    ['since', view.since],
    [
      'why',
      `${why.from === null ? `entered ${why.to}` : `${why.from} → ${why.to}`} at ${why.occurredAt} (${cause(view)})`,
    ],
    ['next deadline', nextDeadline(view)],
    ['signals on', view.on.join(', ') || 'none'],
    ...regions.map(([name, path]) => [`region ${name}`, path] as const),
    ...Object.entries(view.views).map(([name, label]) => [`view ${name}`, label] as const),
    ['activities', `${view.firstActivityAt} … ${view.newestActivityAt}`],
    ['sequence', `${view.sequence} (moves, and the entry)`],
    ...profile(view),
  ];
  const width = Math.max(NAMES_WIDTH, ...rows.map(([name]) => name.length + 2));
  return rows.map(([name, value]) => `${name.padEnd(width)}${value}`);
}

function cause({ why: { cause: of } }: CustomerView): string {
  const { kind, signal, activityId } = of;
  return `${signal === null ? kind : `${kind}: ${signal}`}${activityId === null ? '' : `, activity ${activityId}`}`;
}

function nextDeadline({ nextDeadline: next }: CustomerView): string {
  if (next === null) return 'none';
  const { due, kind, name } = next;
  return `${due}  ${kind === 'after' || name === null ? (name ?? kind) : `${kind} ${name}`}`;
}

function profile({ profile: fields, amounts, currency }: CustomerView): (readonly [string, string])[] {
  return Object.entries(fields).map(([name, value]) => {
    if (typeof value !== 'number') return [`profile.${name}`, JSON.stringify(value)];
    const isAmount = amounts.includes(name) && currency !== null;
    return [`profile.${name}`, isAmount ? formatMinorUnits(value, currency) : rounded(value)];
  });
}

const rounded = (value: number): string => String(Math.round(value * 1000) / 1000);
