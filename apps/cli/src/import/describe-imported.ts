import type { TenantId } from '@perennial/values';
import type { ImportStatus } from '@perennial/importer';
import type { Summary } from '@perennial/store';
import { tenantFlag } from '../definition/without-definition';
import { count, number } from './describe-found';
import type { ImportOutcome } from './import-into';

/** What became of an import. */
interface ImportReport extends ImportOutcome {
  readonly name: string;
  readonly tenant: TenantId;
  readonly ending: ImportStatus['ending'];
  readonly total: number;
  /** Of the whole tenant. */
  readonly summary: Summary;
}

export function importJson({ summary, ...report }: ImportReport) {
  const { activities, customers, stages, deadLetters, outcomes } = summary;
  return { ...report, activities, customers, stages, deadLetters, outcomes };
}

export function describeImported(report: ImportReport): readonly string[] {
  const { name, tenant, total, result, activitiesPerSecond, summary } = report;
  const { customers, stages, deadLetters } = summary;
  const rate = activitiesPerSecond === null ? '' : ` (${number(activitiesPerSecond)}/s)`;
  const done =
    report.acknowledged < total
      ? `The import ${name} was given up: ${number(report.acknowledged)} of ${number(total)} activities are in tenant ${tenant}.`
      : result === 'done-before'
        ? `The import ${name} was done before: ${number(total)} activities in tenant ${tenant}.`
        : `Imported ${number(total)} activities into tenant ${tenant}${rate}.`;
  const width = Math.max(...Object.keys(stages).map((stage) => stage.length));
  const flag = tenantFlag(tenant);
  return [
    `${done} ${CLOCK[report.ending]}`,
    '',
    `${count(customers, 'customer')} of tenant ${tenant}`,
    ...Object.entries(stages).map(([stage, n]) => `  ${stage.padEnd(width)}  ${number(n).padStart(9)}`),
    ...(deadLetters === 0 ? [] : ['', `${count(deadLetters, 'dead letter')}: perennial dead-letter list${flag}`]),
    '',
    'Where to look next',
    `  perennial customer show CUSTOMER${flag}`,
    `  perennial watch${flag}`,
  ];
}

export const CLOCK: Readonly<Record<ImportStatus['ending'], string>> = {
  wall: 'It is live, on real time.',
  offset: 'It is live: its time runs on from the newest activity.',
  held: 'Its clock stands at the newest activity.',
  late: 'Its clock is as it was.',
};
