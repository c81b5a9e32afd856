import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { TenantId } from '@perennial/contracts';
import type { ColumnMap } from '@perennial/history';
import type { GoLive } from '@perennial/importer';
import { tenantOf } from '../tenant/tenant-of';

/** As the command line gives them. */
export interface ImportArguments {
  readonly input: string;
  readonly definition?: string;
  readonly tenant: string;
  readonly name?: string;
  readonly map?: string;
  readonly zone?: string;
  readonly goLive?: GoLive;
  readonly late: boolean;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

/** The arguments, read. */
export interface ImportRequest extends Pick<ImportArguments, 'input' | 'late' | 'dryRun' | 'yes' | 'json'> {
  readonly tenant: TenantId;
  readonly name: string;
  readonly definition: string | null;
  readonly map: ColumnMap | null;
  readonly zone: string | null;
  readonly goLive: GoLive | null;
}

/** Throws `InvalidInput` for what cannot be read. */
export async function readRequest(given: ImportArguments): Promise<ImportRequest> {
  const [{ checkImportName, defaultImportName }, { parseColumnMap }] = await Promise.all([
    import('@perennial/importer'),
    import('@perennial/history'),
  ]);
  const { input, late, dryRun, yes, json } = given;
  const tenant = tenantOf(given.tenant, '--tenant');
  const subject = { input: placeOf(input), map: given.map ?? null, zone: given.zone ?? null, tenant };
  return {
    ...{ input, late, dryRun, yes, json, tenant },
    name: given.name === undefined ? defaultImportName(subject) : checkImportName(given.name),
    definition: given.definition ?? null,
    map: given.map === undefined ? null : parseColumnMap(given.map),
    zone: given.zone ?? null,
    goLive: given.goLive ?? null,
  };
}

/** A file is the same from whichever folder it is named; a query is its text. */
const placeOf = (input: string): string => (existsSync(input) ? resolve(input) : input);
