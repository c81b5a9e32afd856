import { DEFAULT_TENANT, type TenantId } from '@perennial/values';
import type { Connection } from '../connection';

/** The import that `npm start` does, into the default tenant. */
export const SAMPLE_IMPORT = 'online-retail';

/** Whether the tenant lives on the sample's history: its clock stands unless `npm start` is live. */
export async function isOfSample({ imports }: Pick<Connection, 'imports'>, tenant: TenantId): Promise<boolean> {
  return tenant === DEFAULT_TENANT && (await imports.find(SAMPLE_IMPORT)) !== null;
}
