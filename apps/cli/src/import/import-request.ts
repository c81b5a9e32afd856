import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { TenantId } from '@perennial/values';
import type { GoLive } from '@perennial/importer';
import type { HistoryArguments } from '../history/history-arguments';
import { tenantOf } from '../tenant/tenant-of';

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
