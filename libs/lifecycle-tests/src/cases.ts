/**
 * Tables of cases: a test with `each` is one test for each row of it. `<name>` in a text of the test stands for the value
 * that the row has under the name; a text that is nothing but `<name>` becomes the value itself, be it a number or a map.
 */
import type { JsonObject } from '@perennial/values';
import {
  didYouMean,
  list,
  quote,
  wrongType,
  type Located,
  type ObjectOf,
  type Problems,
  type Property,
  type Shape,
  type Tree,
  type TreeMap,
} from '@perennial/definition';
import { TEST_LIMITS } from './problems';

const PLACEHOLDER = /<([A-Za-z][A-Za-z0-9_-]*)>/g;
const WHOLE = /^<([A-Za-z][A-Za-z0-9_-]*)>$/;
const TABLE = 'a list of cases such as { orders: 3, stage: in-life }';

type ReadTest<Step> = ObjectOf<{
  readonly name: Property<Located<string>>;
  readonly start: Property<Located<number>>;
  readonly steps: Property<readonly Step[]>;
}>;

/** A test; one for each row where it has a table. */
export interface TestCase<Step> {
  /** Where the test, or its row, stands. */
  readonly at: number;
  readonly name: Located<string> | undefined;
  readonly start: Located<number> | undefined;
  readonly steps: readonly Step[];
}

/** A list of tests, those with a table once for each of its rows. */
export function casesOf<Step>(test: Shape<ReadTest<Step>>): Shape<readonly TestCase<Step>[]> {
  const item: Shape<readonly TestCase<Step>[]> = {
    schema: withTable(test.schema),
    read: (tree, problems) => expand(tree, problems).flatMap((single) => readOne(test, single, problems)),
  };
  const items = list('tests', item, TEST_LIMITS.tests);
  return {
    schema: items.schema,
    read: (tree, problems) => {
      const tests = items.read(tree, problems)?.flat() ?? null;
      if (tests === null || tests.length <= TEST_LIMITS.tests) return tests;
      const message = `With the rows of their tables there are more than ${TEST_LIMITS.tests} tests. Make two files.`;
      problems.error('DEFINITION.TOO_MANY', tree.at, message);
      return null;
    },
  };
}

/** The tree of one test, the offset of its row, and how its name tells it from the other rows' tests. */
interface Case {
  readonly tree: Tree;
  readonly at: number;
  readonly label: string;
}

function readOne<Step>(test: Shape<ReadTest<Step>>, { tree, at, label }: Case, problems: Problems): TestCase<Step>[] {
  const read = test.read(tree, problems);
  if (read === null) return [];
  const { name, start, steps = [] } = read;
  return [{ at, name: name && { value: `${name.value}${label}`, at: name.at }, start, steps }];
}

function expand(tree: Tree, problems: Problems): readonly Case[] {
  const table = tree.kind === 'map' ? tree.entries.find(({ key }) => key.value === 'each') : undefined;
  if (tree.kind !== 'map' || table === undefined) return [{ tree, at: tree.at, label: '' }];
  const rows = readRows(table.value, problems);
  const used = new Set<string>();
  const without: TreeMap = { ...tree, entries: tree.entries.filter((entry) => entry !== table) };
  const cases = rows.map((row): Case => {
    const filled = new Filling(row, used, problems).fill(without);
    return { tree: filled, at: row.at, label: isTold(without) ? '' : labelOf(row) };
  });
  for (const { key } of rows[0]?.entries ?? []) {
    if (!used.has(key.value)) {
      problems.error(
        'DEFINITION.VALUE',
        key.at,
        `Nothing in the test says <${key.value}>. Use the value, or leave it out.`,
      );
    }
  }
  return cases;
}

function readRows(table: Tree, problems: Problems): readonly TreeMap[] {
  if (table.kind !== 'list') {
    wrongType(table, TABLE, problems);
    return [];
  }
  if (table.items.length === 0) problems.error('DEFINITION.VALUE', table.at, `The list is empty; write ${TABLE}.`);
  if (table.items.length > TEST_LIMITS.cases) {
    problems.error(
      'DEFINITION.TOO_MANY',
      table.at,
      `More than ${TEST_LIMITS.cases} cases. Leave some out, or make two tests.`,
    );
  }
  return table.items.slice(0, TEST_LIMITS.cases).filter((row) => {
    if (row.kind !== 'map') wrongType(row, 'a case such as { orders: 3, stage: in-life }', problems);
    return row.kind === 'map';
  });
}

/** Whether the name of a test says which row it is about. */
function isTold({ entries }: TreeMap): boolean {
  const name = entries.find(({ key }) => key.value === 'name')?.value;
  return name?.kind === 'scalar' && String(name.value).search(PLACEHOLDER) >= 0;
}

function labelOf({ entries }: TreeMap): string {
  const values = entries.flatMap(({ key, value }) =>
    value.kind === 'scalar' ? [`${key.value}: ${String(value.value)}`] : [],
  );
  return ` (${values.join(', ')})`;
}

/** Puts the values of one row into a test. */
class Filling {
  private readonly values: ReadonlyMap<string, Tree>;

  constructor(
    row: TreeMap,
    private readonly used: Set<string>,
    private readonly problems: Problems,
  ) {
    this.values = new Map(row.entries.map(({ key, value }) => [key.value, value]));
  }

  fill(tree: Tree): Tree {
    switch (tree.kind) {
      case 'map':
        return { ...tree, entries: tree.entries.map(({ key, value }) => ({ key, value: this.fill(value) })) };
      case 'list':
        return { ...tree, items: tree.items.map((item) => this.fill(item)) };
      case 'scalar':
        return typeof tree.value === 'string' ? this.fillText(tree, tree.value) : tree;
    }
  }

  private fillText(tree: Tree & { readonly kind: 'scalar' }, text: string): Tree {
    const [, whole] = WHOLE.exec(text) ?? [];
    // What is wrong with a value is told where the test uses it.
    if (whole !== undefined) return { ...(this.valueOf(whole, tree.at) ?? tree), at: tree.at };
    const value = text.replace(PLACEHOLDER, (written, name: string) => this.textOf(name, tree.at) ?? written);
    return value === text ? tree : { ...tree, value, offsetOf: () => tree.at };
  }

  private textOf(name: string, at: number): string | null {
    const value = this.valueOf(name, at);
    if (value === null || value.kind === 'scalar') return value && String(value.value);
    const message = `<${name}> is a ${value.kind}, which cannot stand within a text. Write <${name}> alone.`;
    this.problems.error('DEFINITION.VALUE', at, message);
    return null;
  }

  private valueOf(name: string, at: number): Tree | null {
    this.used.add(name);
    const value = this.values.get(name);
    if (value !== undefined) return value;
    const names = [...this.values.keys()];
    const message = `A case has no value ${quote(name)}; it has ${names.join(', ')}.${didYouMean(name, names)}`;
    this.problems.error('DEFINITION.VALUE', at, message);
    return null;
  }
}

function withTable(schema: JsonObject): JsonObject {
  const each = { type: 'array', items: { type: 'object' }, minItems: 1, maxItems: TEST_LIMITS.cases };
  return { ...schema, properties: { ...(schema['properties'] as JsonObject), each } };
}
