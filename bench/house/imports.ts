import { posix } from 'node:path';
import type { Source } from './sources';

/** file → production files that it imports. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** Who imports whom; a name of a lib (`@perennial/engine`) stands for the lib's index. */
export function importGraph(sources: readonly Source[]): ImportGraph {
  const files = new Set(sources.map(({ file }) => file));
  return new Map(
    sources.map(({ file, imports }) => [
      file,
      imports.map((specifier) => resolve(file, specifier)).filter((target) => files.has(target)),
    ]),
  );
}

function resolve(file: string, specifier: string): string {
  const lib = /^@perennial\/([\w-]+)$/.exec(specifier)?.[1];
  if (lib !== undefined) return `libs/${lib}/src/index.ts`;
  return specifier.startsWith('.') ? `${posix.join(posix.dirname(file), specifier)}.ts` : specifier;
}

/** Files that come back to themselves by their imports: the strongly connected components of more than one file (Tarjan, 1972). */
export function circles(graph: ImportGraph): readonly (readonly string[])[] {
  const search = new CircleSearch(graph);
  for (const file of graph.keys()) search.visit(file);
  return search.found;
}

class CircleSearch {
  readonly found: string[][] = [];
  private readonly order = new Map<string, number>();
  private readonly path: string[] = [];
  private readonly onPath = new Set<string>();

  constructor(private readonly graph: ImportGraph) {}

  /** The place in `order` of the earliest file of the path that this one comes to. */
  visit(file: string): number {
    const known = this.order.get(file);
    if (known !== undefined) return this.onPath.has(file) ? known : Infinity;
    const own = this.order.size;
    this.order.set(file, own);
    this.path.push(file);
    this.onPath.add(file);
    let lowest = own;
    for (const target of this.graph.get(file) ?? []) {
      lowest = Math.min(lowest, this.visit(target));
    }
    if (lowest === own) this.leave(file);
    return lowest;
  }

  /** The component whose first file this is. */
  private leave(first: string): void {
    const component = this.path.splice(this.path.indexOf(first));
    for (const file of component) this.onPath.delete(file);
    if (component.length > 1) this.found.push(component);
  }
}

/** Imports of a project's files that reach into an app from outside. */
export function reachesIntoApps(graph: ImportGraph): readonly (readonly [from: string, to: string])[] {
  const appOf = (file: string): string | undefined => /^apps\/[^/]+/.exec(file)?.[0];
  return [...graph].flatMap(([from, targets]) =>
    targets
      .filter((to) => appOf(to) !== undefined && appOf(to) !== appOf(from))
      .map((to): [string, string] => [from, to]),
  );
}
