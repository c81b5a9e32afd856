import { isShallow, type Json, type JsonObject } from '@perennial/values';
import { wrongType, type Located, type Shape, type Tree } from '@perennial/definition';

/** The deepest nesting of properties that the engine takes. */
const NESTING = 32;

/** Properties of an activity: any JSON object. */
export const propertiesShape: Shape<Located<JsonObject>> = {
  schema: { type: 'object', description: 'Properties of the activity, as the producer would send them.' },
  read: (tree, problems) => {
    if (tree.kind !== 'map') return wrongType(tree, 'properties: a map such as { total: 25.00 }', problems);
    const value = objectOf(tree);
    if (isShallow(value, NESTING)) return { value, at: tree.at };
    problems.error('DEFINITION.VALUE', tree.at, `Properties nest at most ${NESTING} levels: the engine takes no more.`);
    return null;
  },
};

function objectOf(tree: Tree & { readonly kind: 'map' }): JsonObject {
  return Object.fromEntries(tree.entries.map(({ key, value }) => [key.value, jsonOf(value)]));
}

function jsonOf(tree: Tree): Json {
  switch (tree.kind) {
    case 'map':
      return objectOf(tree);
    case 'list':
      return tree.items.map(jsonOf);
    case 'scalar':
      return tree.value;
  }
}
