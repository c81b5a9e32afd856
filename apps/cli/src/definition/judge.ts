import { InvalidInput } from '@perennial/values';
import type { CompiledDefinition } from '@perennial/definition';
import { lineDiff } from './line-diff';
import { newestOf, type Version } from './versions';

/** `publish`: it can be sent; `in-service`: every partition has this very text already. */
export type Judged = 'publish' | 'in-service';

type Candidate = Pick<CompiledDefinition, 'name' | 'version' | 'source'>;

const SHOWN_CHANGES = 40;

/**
 * Whether a definition may follow what a tenant has in service, by the rules that the engine keeps (`Tenants.publish`). Throws
 * `InvalidInput` with the remedy when it may not.
 */
export function judge(candidate: Candidate, versions: readonly Version[], partitions: number): Judged {
  const newest = newestOf(versions);
  if (newest === null) return 'publish';
  const { name, version, source } = candidate;
  if (newest.name !== name) throw otherName(candidate, newest);
  const taken = versions.find((one) => one.version === version && one.source !== source);
  if (taken !== undefined) throw versionTaken(candidate, taken, newest);
  if (version < newest.version) throw versionBehind(candidate, versions, newest);
  return newest.source === source && newest.partitions === partitions ? 'in-service' : 'publish';
}

function otherName({ name }: Candidate, newest: Version): InvalidInput {
  return new InvalidInput(
    'DEFINITION.OTHER_NAME',
    `The tenant has ${newest.name} version ${newest.version} in service, and a tenant has one definition: ${name} cannot follow it. ` +
      `Set \`name: ${newest.name}\` and \`version: ${newest.version + 1}\`, or publish it for a tenant of its own with --tenant.`,
  );
}

function versionTaken({ name, version, source }: Candidate, taken: Version, newest: Version): InvalidInput {
  const changes = lineDiff(taken.source, source);
  const more = changes.length > SHOWN_CHANGES ? [`  … and ${changes.length - SHOWN_CHANGES} lines more`] : [];
  return new InvalidInput(
    'DEFINITION.VERSION_TAKEN',
    [
      `${name} version ${version} is published already with another text, and what is published stays as it is. The difference (- published, + yours):`,
      ...changes.slice(0, SHOWN_CHANGES).map(lineOf),
      ...more,
      `Set \`version: ${newest.version + 1}\` and publish again.`,
    ].join('\n'),
  );
}

const lineOf = ({ kind, line, text }: ReturnType<typeof lineDiff>[number]): string =>
  `  ${kind === 'removed' ? '-' : '+'} ${String(line).padStart(4)}  ${text}`;

function versionBehind(
  { name, version, source }: Candidate,
  versions: readonly Version[],
  newest: Version,
): InvalidInput {
  const again = versions.some((one) => one.source === source);
  return new InvalidInput(
    'DEFINITION.VERSION_BEHIND',
    `${name} version ${version} ${again ? 'was published before' : 'was never published'}, and version ${newest.version} is in service: ` +
      `to put these rules into service, set \`version: ${newest.version + 1}\` and publish again.`,
  );
}
