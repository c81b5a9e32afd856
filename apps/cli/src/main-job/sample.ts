import { DEFAULT_TENANT, type TenantId } from '@perennial/values';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '@perennial/dev-stack';
import type { Connection } from '../connection';
import {
  publicationOf,
  type PublishConnection,
  publishDefinition,
  type PublishTools,
} from '../definition/publish-definition';
import { newestOf, versionsOf } from '../definition/versions';

const NAME = 'retail';
const FILE = join(repository, `libs/definition/templates/${NAME}.yaml`);

/** The import that `npm start` does, into the default tenant. */
export const SAMPLE_IMPORT = 'online-retail';

/** Whether the tenant lives on the sample's history: its clock stands unless `npm start` is live. */
export async function isOfSample({ imports }: Pick<Connection, 'imports'>, tenant: TenantId): Promise<boolean> {
  return tenant === DEFAULT_TENANT && (await imports.find(SAMPLE_IMPORT)) !== null;
}

/**
 * The YAML that the sample runs on: the template, unless the tenant has a version of that name in service already. A release may
 * change the template's text, and what is published stays as it is, so an installation goes on with the text that it began with.
 */
export async function sampleDefinition({ published }: Pick<PublishConnection, 'published'>): Promise<string> {
  const inService = newestOf(await versionsOf(await published.of(DEFAULT_TENANT)));
  return inService?.name === NAME ? inService.source : readFileSync(FILE, 'utf8');
}

/** Publishes the sample's definition; sends nothing where every partition has it, and only the rest after an interrupted start. */
export async function publishSample(connection: PublishConnection, tools: PublishTools): Promise<void> {
  const source = await sampleDefinition(connection);
  await publishDefinition(connection, publicationOf(source, { tenant: DEFAULT_TENANT, reason: 'the sample' }), tools);
}
