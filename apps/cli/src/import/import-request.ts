import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { TenantId } from '@perennial/values';
import type { GoLive, ImportStatus } from '@perennial/importer';
import type { HistoryArguments } from '../history/history-arguments';
import { tenantOf } from '../arguments';
import { readDefinitionFile } from '../definition/definition-file';
import { newestOf, versionsOf } from '../definition/versions';
import { publishCommand } from '../definition/without-definition';
import type { ImportConnection } from './import-ports';

/** As the command line gives them. */
export interface ImportArguments extends HistoryArguments {
  readonly definition?: string;
  readonly tenant: string;
  readonly name?: string;
  readonly goLive?: GoLive;
  readonly late: boolean;
  readonly dryRun: boolean;
  readonly giveUp: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

/** The arguments, read. */
export interface ImportRequest extends Pick<ImportArguments, 'late' | 'dryRun' | 'yes' | 'json'> {
  readonly tenant: TenantId;
  readonly name: string;
  readonly definition: string | null;
  readonly history: HistoryArguments;
  readonly goLive: GoLive | null;
}

/** Throws `InvalidInput` for what cannot be read. */
export async function readRequest(given: ImportArguments): Promise<ImportRequest> {
  const [{ checkImportName, defaultImportName }, { parseColumnMap }] = await Promise.all([
    import('@perennial/importer'),
    import('@perennial/history'),
  ]);
  const { input, map, zone, late, dryRun, yes, json } = given;
  const tenant = tenantOf(given.tenant, '--tenant');
  // What cannot be read is told before anything else is done.
  if (map !== undefined) parseColumnMap(map);
  const subject = { input: placeOf(input), map: map ?? null, zone: zone ?? null, tenant };
  return {
    ...{ late, dryRun, yes, json, tenant },
    name: given.name === undefined ? defaultImportName(subject) : checkImportName(given.name),
    definition: given.definition ?? null,
    history: { input, ...(map === undefined ? {} : { map }), ...(zone === undefined ? {} : { zone }) },
    goLive: given.goLive ?? null,
  };
}

/** A file is the same from whichever folder it is named; a query is its text. */
const placeOf = (input: string): string => (existsSync(input) ? resolve(input) : input);

/** An import that has begun, done or not: what the same command makes of options that say something else now. */
type Asked = Pick<ImportRequest, 'name' | 'goLive' | 'late'>;
type Stored = Pick<ImportStatus, 'ending' | 'phase'>;

/** The clock to go on with: what is asked for, which is refused if it is another; of one that is done, what it is. */
export function endingOf({ goLive, late }: Asked, { ending, phase }: Stored): ImportStatus['ending'] {
  if (phase === 'done' || (late && ending === 'late')) return ending;
  return goLive ?? ending;
}

/** For people: that a clock is asked for after the end. Null: none is, or the one that it has. */
export function clockWithoutEffect({ name, goLive }: Asked, { ending, phase }: Stored): string | null {
  if (phase !== 'done' || goLive === null || goLive === ending) return null;
  const was = ending === 'late' ? '--late' : `--go-live ${ending}`;
  return `--go-live ${goLive} has no effect: the import ${name} is done, with ${was}, and its tenant keeps that clock.`;
}

/**
 * For people: that the definition given is not published, since the import has begun. Null when every word of it was published
 * before. Throws `InvalidInput` for one that does not compile.
 */
export async function notPublished(
  { published }: Pick<ImportConnection, 'published'>,
  tenant: TenantId,
  given: string,
): Promise<string | null> {
  const { definition } = await readDefinitionFile(given);
  const versions = await versionsOf(await published.of(tenant));
  if (versions.some(({ source }) => source === definition.source)) return null;
  const newest = newestOf(versions);
  const inService = newest === null ? 'none is in service' : `${newest.name} version ${newest.version} is in service`;
  return (
    `${definition.name} version ${definition.version} of --definition ${given} is not published: the import has begun, and goes on with what is there ` +
    `(${inService}). To publish it: ${publishCommand(tenant)}`
  );
}
