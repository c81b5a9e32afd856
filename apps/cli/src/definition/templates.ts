import { join } from 'node:path';
import { repository } from '../repository';

/** A definition to start from. Its files: NAME.yaml, and NAME.lifecycle.yaml with its tests. */
export interface Template {
  readonly name: string;
  /** One line. */
  readonly about: string;
}

/** One line for each, and its two files beside the others. */
export const TEMPLATES: readonly Template[] = [
  { name: 'retail', about: 'Orders, refunds and visits of the customers of a shop.' },
  { name: 'telecom', about: 'Use, top-ups, bills, plans, faults and notice of the customers of a mobile operator.' },
];

const folder = join(repository, 'libs/definition/templates');

export const definitionFileOf = ({ name }: Template): string => join(folder, `${name}.yaml`);
export const testsFileOf = ({ name }: Template): string => join(folder, `${name}.lifecycle.yaml`);

/** Null when there is none of that name. */
export const templateOf = (name: string): Template | null => TEMPLATES.find((one) => one.name === name) ?? null;

export const templateNames = (): string => TEMPLATES.map(({ name }) => name).join(', ');
