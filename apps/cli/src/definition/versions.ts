import type { Instant } from '@perennial/values';
import type { PublishedDefinition } from '@perennial/engine';

/** A text that a tenant's partitions have in service. */
export interface Version extends PublishedDefinition {
  readonly name: string;
  readonly version: number;
  /** Append time of the command where it came first; null: not kept. */
  readonly publishedAt: Instant | null;
  /** Partitions that have taken it. */
  readonly partitions: number;
}

/**
 * The versions of a tenant by what each partition has, oldest first; one number may come twice, should partitions have taken
 * different texts of it. A text that this release cannot compile is left out, as the engine leaves it out.
 */
export async function versionsOf(definitions: readonly PublishedDefinition[]): Promise<readonly Version[]> {
  const { compile } = await import('@perennial/definition');
  const byText = new Map<string, Version>();
  for (const { source, author, reason, publishedAt } of definitions) {
    const definition = { source, author, reason, publishedAt };
    const known = byText.get(source);
    const compiled = known === undefined ? compile(source) : null;
    if (known !== undefined) byText.set(source, joined(known, definition));
    else if (compiled?.ok === true) {
      const { name, version } = compiled.definition;
      byText.set(source, { ...definition, name, version, partitions: 1 });
    }
  }
  return [...byText.values()].sort((a, b) => a.version - b.version);
}

/** One more partition that has it. */
function joined(known: Version, { publishedAt }: PublishedDefinition): Version {
  const times = [known.publishedAt, publishedAt].filter((at) => at !== null);
  return {
    ...known,
    publishedAt: times.length === 0 ? null : Math.min(...times),
    partitions: known.partitions + 1,
  };
}

/** What new customers enter; null: no definition is in service. */
export const newestOf = (versions: readonly Version[]): Version | null => versions.at(-1) ?? null;
