/** An import that has begun, done or not: what the same command makes of options that say something else now. */
import type { TenantId } from '@perennial/values';
import type { ImportStatus } from '@perennial/importer';
import { publishCommand } from '../definition/without-definition';
import { newestOf, versionsOf } from '../definition/versions';
import { readDefinitionFile } from '../replay/read-definition';
import type { ImportConnection } from './import-ports';
import type { ImportRequest } from './import-request';

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
