import type { Problems } from '../problems';
import type { TreeMap } from '../yaml-tree';
import { object } from './collections';
import type { ObjectForm, ObjectOf, Property } from './collections';
import { wrongType } from './shape';
import type { Shape } from './shape';

type Properties = Record<string, Property<unknown>>;
/** What was read, by the form that it has. */
export type VariantOf<P> = { [K in keyof P]: { readonly form: K; readonly read: ObjectOf<P[K]> } }[keyof P];

/**
 * A map that comes in several forms, told apart by the one key that names the form. A form may have the key of another
 * one among its own (a pulse `on` may have a `when`); then it is the first one's.
 */
export function variants<P extends Record<string, Properties>>(
  what: string,
  forms: { readonly [K in keyof P]: ObjectForm<P[K]> },
): Shape<VariantOf<P>> {
  const names = Object.keys(forms);
  const shapes = new Map(names.map((name) => [name, object(forms[name] as ObjectForm<Properties>)]));
  return {
    schema: { anyOf: [...shapes.values()].map((shape) => shape.schema) },
    read: (tree, problems) => {
      if (tree.kind !== 'map') return wrongType(tree, `${what}: a map with one of ${names.join(', ')}`, problems);
      const present = names.filter((name) => tree.entries.some(({ key }) => key.value === name));
      const chosen = present.filter((name) => !present.some((other) => other !== name && owns(forms[other], name)));
      const form = onlyOne(chosen, what, names, tree, problems);
      const read = form === null ? null : shapes.get(form)?.read(tree, problems);
      return read ? ({ form, read } as VariantOf<P>) : null;
    },
  };
}

function owns(form: ObjectForm<Properties> | undefined, key: string): boolean {
  return form !== undefined && Object.hasOwn(form.properties, key);
}

function onlyOne(
  chosen: readonly string[],
  what: string,
  names: readonly string[],
  tree: TreeMap,
  problems: Problems,
): string | null {
  const [form, second] = chosen;
  if (form === undefined) {
    problems.error(
      'DEFINITION.MISSING_KEY',
      tree.at,
      `One of the keys ${names.join(', ')} is missing; ${what} needs it.`,
    );
    return null;
  }
  if (second === undefined) return form;
  const message = `The keys ${chosen.join(' and ')} do not go together; ${what} has one of them. Write one for each.`;
  problems.error('DEFINITION.CONFLICTING_KEYS', tree.at, message);
  return null;
}
