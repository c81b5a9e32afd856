import type { JsonObject } from '@perennial/values';
import type { Problems } from '../problems';
import { didYouMean } from '../spelling';
import type { Located, Tree, TreeMap } from '../yaml-tree';
import type { NameRule } from './names';
import { quote, wrongType, type Shape } from './shape';

/** A key of a map: what it holds, and whether it must be there. */
export interface Property<T> {
  readonly shape: Shape<T>;
  readonly required: boolean;
  /** How the key is spelt, where the property has another name: `at` is taken, for one. */
  readonly key?: string;
}
/** A key that must be there. */
export const required = <T>(shape: Shape<T>): Property<T> => ({ shape, required: true });
/** A key that may be left out. */
export const optional = <T>(shape: Shape<T>): Property<T> => ({ shape, required: false });
/** A property that is read from a key of another name. */
export const spelt = <T>(key: string, property: Property<T>): Property<T> => ({ ...property, key });

/** What was read of a map. A property is undefined when it is absent or wrong; `keys` has those that are there. */
export type ObjectOf<P> = { readonly at: number; readonly keys: ReadonlyMap<string, number> } & {
  readonly [K in keyof P]: (P[K] extends Property<infer T> ? T : never) | undefined;
};

export interface ObjectForm<P> {
  readonly what: string;
  readonly properties: P;
  /** Keys that people bring from elsewhere, each with the reason why it is not for definitions. */
  readonly refused?: Readonly<Record<string, string>>;
}

/** A map with known keys. */
export function object<P extends Record<string, Property<unknown>>>(form: ObjectForm<P>): Shape<ObjectOf<P>> {
  const { what, refused = {} } = form;
  const properties = byKey(form.properties);
  const names = [...properties.keys()];
  return {
    schema: objectSchema(properties),
    read: (tree, problems) => {
      if (tree.kind !== 'map') return wrongType(tree, `${what}: a map with the keys ${names.join(', ')}`, problems);
      const keys = new Map(tree.entries.map(({ key }) => [key.value, key.at]));
      const result: Record<string, unknown> = { at: tree.at, keys };
      for (const { key, value } of tree.entries) {
        const property = properties.get(key.value);
        if (property === undefined) reportStrange(key, what, names, refused, problems);
        else result[property.name] = property.shape.read(value, problems) ?? undefined;
      }
      reportMissing(tree, what, properties, keys, problems);
      return result as ObjectOf<P>;
    },
  };
}

type NamedProperties = ReadonlyMap<string, Property<unknown> & { readonly name: string }>;

function byKey(properties: Record<string, Property<unknown>>): NamedProperties {
  return new Map(Object.entries(properties).map(([name, property]) => [property.key ?? name, { ...property, name }]));
}

function reportStrange(
  key: Located<string>,
  what: string,
  names: readonly string[],
  refused: Readonly<Record<string, string>>,
  problems: Problems,
): void {
  const reason = Object.hasOwn(refused, key.value) ? refused[key.value] : undefined;
  if (reason !== undefined) {
    problems.error('DEFINITION.REFUSED', key.at, `"${key.value}" has no place here: ${reason}`);
    return;
  }
  const known = `${what} has the keys ${names.join(', ')}`;
  const message = (): string => `Unknown key ${quote(key.value)}; ${known}.${didYouMean(key.value, names)}`;
  problems.error('DEFINITION.UNKNOWN_KEY', key.at, message);
}

function reportMissing(
  tree: TreeMap,
  what: string,
  properties: NamedProperties,
  keys: ReadonlyMap<string, number>,
  problems: Problems,
): void {
  for (const [key, property] of properties) {
    if (!property.required || keys.has(key)) continue;
    problems.error('DEFINITION.MISSING_KEY', tree.at, `The key "${key}" is missing; ${what} needs it.`);
  }
}

function objectSchema(properties: NamedProperties): JsonObject {
  const entries = [...properties];
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(entries.map(([name, { shape }]) => [name, shape.schema])),
    required: entries.filter(([, property]) => property.required).map(([name]) => name),
  };
}

/** A name that the author chose, and what it stands for; null when that is wrong. */
export interface Entry<T> {
  readonly name: Located<string>;
  readonly value: T | null;
}

/** A map from chosen names to values, in the order of the source. */
export function record<T>(name: NameRule, shape: Shape<T>, max: number): Shape<readonly Entry<T>[]> {
  return {
    schema: {
      type: 'object',
      propertyNames: { pattern: name.pattern.source },
      additionalProperties: shape.schema,
      maxProperties: max,
    },
    read: (tree, problems) => {
      if (tree.kind !== 'map') return wrongType(tree, `a map from ${name.what}s to their meaning`, problems);
      if (tree.entries.length > max) tooMany(tree, `${name.what}s`, max, problems);
      return tree.entries.slice(0, max).map(({ key, value }) => {
        name.check(key, problems);
        return { name: key, value: shape.read(value, problems) };
      });
    },
  };
}

/** A list of at least `min` items (1 unless said otherwise); items that are wrong are left out after being reported. */
export function list<T>(what: string, shape: Shape<T>, max: number, min: 0 | 1 = 1): Shape<readonly T[]> {
  return {
    schema: { type: 'array', items: shape.schema, minItems: min, maxItems: max },
    read: (tree, problems) => {
      if (tree.kind !== 'list') return wrongType(tree, `a list of ${what}`, problems);
      if (tree.items.length > max) tooMany(tree, what, max, problems);
      if (tree.items.length < min)
        problems.error('DEFINITION.VALUE', tree.at, `The list is empty; write ${what} in it.`);
      const items = tree.items.slice(0, max).map((item) => shape.read(item, problems));
      return items.filter((item) => item !== null);
    },
  };
}

function tooMany(tree: Tree, what: string, max: number, problems: Problems): void {
  problems.error('DEFINITION.TOO_MANY', tree.at, `More than ${max} ${what}. Leave some out, or make two files.`);
}
