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

/** The options that a command given again for an import that has begun may say differently. */
type Asked = Pick<ImportRequest, 'name' | 'goLive' | 'late'>;
type Stored = Pick<ImportStatus, 'ending' | 'phase'>;

/** How the import will end: as asked for (another way is refused later); of one that is done, as it did. */
export function endingOf({ goLive, late }: Asked, { ending, phase }: Stored): ImportStatus['ending'] {
  if (phase === 'done' || (late && ending === 'late')) return ending;
  return goLive ?? ending;
}

/** A remark that `--go-live` comes too late: the import is done. Null: nothing to remark. */
export function clockWithoutEffect({ name, goLive }: Asked, { ending, phase }: Stored): string | null {
  if (phase !== 'done' || goLive === null || goLive === ending) return null;
  const was = ending === 'late' ? '--late' : `--go-live ${ending}`;
  return `--go-live ${goLive} has no effect: the import ${name} is done, with ${was}, and its tenant keeps that clock.`;
}

/**
 * A remark that `--definition` is not published, since the import has begun. Null when this very text was published before.
 * Throws `InvalidInput` for one that does not compile.
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
