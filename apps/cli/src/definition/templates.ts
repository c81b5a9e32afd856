import { join } from 'node:path';
import type { CompiledDefinition } from '@perennial/definition';
import { repository } from '@perennial/dev-stack';

/** A definition to start from. Its files: NAME.yaml, and NAME.lifecycle.yaml with its tests. */
export interface Template {
  readonly name: string;
  /** One line. */
  readonly about: string;
  /** As its definition says. */
  readonly subject: CompiledDefinition['subject'];
  readonly example: TemplateExample;
}

/** Arguments of commands that suit the events of a template, for the README of a folder made from it. */
interface TemplateExample {
  /** `--input`: a file of the past. */
  readonly input: string;
  /** `--map`: its columns. */
  readonly map: string;
  /** Of `perennial send`, after whose it is. */
  readonly activity: string;
}

/** One entry for each, and its two files beside the others. */
export const TEMPLATES: readonly Template[] = [
  {
    name: 'retail',
    about: 'Orders, refunds and visits of the customers of a shop.',
    subject: 'customer',
    example: {
      input: 'orders.csv',
      map: "customer=customer_id,timestamp=ordered_at,event='Order Completed',total=amount,currency='GBP'",
      activity: '"Order Completed" --total 25.00 --currency GBP',
    },
  },
  {
    name: 'b2b-saas',
    about: 'Contract, seats, use, support and adoption of the accounts of a software company.',
    subject: 'account',
    example: {
      input: 'events.csv',
      map: 'customer=account_id,timestamp=happened_at,event=event,mrr=mrr,by=by,change=change,score=score',
      activity: '"Contract Signed" --property mrr=500.00',
    },
  },
  {
    name: 'telecom',
    about: 'Use, top-ups, bills, plans, faults and notice of the customers of a mobile operator.',
    subject: 'customer',
    example: {
      input: 'events.csv',
      map: 'customer=line_id,timestamp=happened_at,event=event,amount=amount,change=change',
      activity: '"Top Up Completed" --property amount=10.00',
    },
  },
];

const folder = join(repository, 'libs/definition/templates');

export const definitionFileOf = ({ name }: Pick<Template, 'name'>): string => join(folder, `${name}.yaml`);
export const testsFileOf = ({ name }: Template): string => join(folder, `${name}.lifecycle.yaml`);

/** Null when there is none of that name. */
export const templateOf = (name: string): Template | null => TEMPLATES.find((one) => one.name === name) ?? null;

export const templateNames = (): string => TEMPLATES.map(({ name }) => name).join(', ');
