import type { JsonObject } from '@perennial/values';
import type { Problems } from '../problems';
import type { Tree } from '../yaml-tree';

/**
 * What a value of a definition must look like: one description that both reads values and gives the JSON Schema for
 * editors, so that the two cannot drift apart.
 */
export interface Shape<T> {
  readonly schema: JsonObject;
  /** Null after reporting what is wrong. */
  readonly read: (tree: Tree, problems: Problems) => T | null;
}

/** How messages call a value that has the wrong type. */
function describeTree(tree: Tree): string {
  switch (tree.kind) {
    case 'map':
      return 'a map';
    case 'list':
      return 'a list';
    case 'scalar':
      return tree.value === null ? 'nothing' : `${typeof tree.value} ${quote(String(tree.value))}`;
  }
}

/** A text as messages show it: quoted and bounded. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** Reports a value of the wrong type. */
export function wrongType(tree: Tree, expected: string, problems: Problems): null {
  problems.error('DEFINITION.TYPE', tree.at, `Found ${describeTree(tree)}; expected ${expected}.`);
  return null;
}
