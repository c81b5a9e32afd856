import { stateShape } from './chart/state-shape';
import { definitionShape } from './definition-shape';

/** Text of the JSON Schema (2020-12) of definition files, for editors; made from the shapes that read them. */
export function definitionSchemaText(): string {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Perennial lifecycle definition',
    ...definitionShape.schema,
    $defs: { state: stateShape.schema },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
