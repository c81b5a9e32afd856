import { Composer, isMap, isScalar, isSeq, Parser } from 'yaml';
import type { CST, Document, Pair, ParsedNode } from 'yaml';
import type { Problems } from './problems';
import { rawOffset } from './positions';

/** Longest source in characters; the same bound as of the command that publishes it. */
const MAX_SOURCE = 500_000;
/** Deepest nesting of lists and maps; far above what the deepest statechart needs. */
const MAX_DEPTH = 100;
/** One slip makes YAML report many errors after it; the first ones tell. */
const MAX_SYNTAX_ERRORS = 3;
/** What is wrong most often: CEL with a list in it, written without quotes. */
const SYNTAX_REMEDY = 'Check brackets and indentation here; a text that has any of [ ] { } , # needs quotes.';

/** A value of the source and the offset it starts at. */
export type Tree = TreeMap | TreeList | TreeScalar;
export interface TreeMap {
  readonly kind: 'map';
  readonly at: number;
  readonly entries: readonly { readonly key: Located<string>; readonly value: Tree }[];
}
export interface TreeList {
  readonly kind: 'list';
  readonly at: number;
  readonly items: readonly Tree[];
}
export interface TreeScalar {
  readonly kind: 'scalar';
  readonly at: number;
  readonly value: ScalarValue;
  /** Offset in the source of a character of a text value, whatever quotes, folds and escapes it is written with. */
  readonly offsetOf: (index: number) => number;
}

/** What the core schema makes of a scalar. */
export type ScalarValue = string | number | boolean | null;

/** Something read from the source, and the offset where it stands. */
export interface Located<T> {
  readonly value: T;
  readonly at: number;
}

/**
 * Reads YAML 1.2 (core schema) whatever a `%YAML` line says. Aliases and merge keys are refused, which leaves nothing
 * that could grow beyond the source; keys are texts and appear once. Null after reporting what is wrong.
 */
export function readTree(source: string, problems: Problems): Tree | null {
  if (source.length > MAX_SOURCE) {
    problems.error('DEFINITION.TOO_LARGE', 0, tooLarge(source.length));
    return null;
  }
  const tokens = [...new Parser().parse(source)];
  const deep = tooDeep(tokens);
  if (deep !== null) {
    problems.error('DEFINITION.TOO_DEEP', deep, `More than ${MAX_DEPTH} levels of nesting. Flatten the definition.`);
    return null;
  }
  const document = compose(tokens, source, problems);
  return document === null ? null : new TreeBuilder(source, problems).build(document.contents, 0);
}

function tooLarge(length: number): string {
  return `The definition has ${length} characters; at most ${MAX_SOURCE} are read. Split it into several definitions.`;
}

/**
 * The offset of a token nested too deeply. Checked before nodes are composed, and without recursion: composing recurses,
 * and near the end of the stack it ended the whole process (seen with 490,000 opening brackets).
 */
function tooDeep(tokens: readonly CST.Token[]): number | null {
  const open = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const depth = next.depth + 1;
    if (depth > MAX_DEPTH) return next.token.offset;
    for (const token of children(next.token)) open.push({ token, depth });
  }
  return null;
}

function children(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap((item) => [item.key, item.value].filter((child) => child !== undefined && child !== null));
}

function compose(tokens: readonly CST.Token[], source: string, problems: Problems): Document.Parsed | null {
  const composer = new Composer({ schema: 'core', stringKeys: true, uniqueKeys: false, resolveKnownTags: false });
  const [document, second] = composer.compose(tokens, true, source.length);
  if (document === undefined) return null;
  for (const { pos, message } of [...document.errors, ...document.warnings].slice(0, MAX_SYNTAX_ERRORS)) {
    problems.error('DEFINITION.YAML', pos[0], `${message}. ${SYNTAX_REMEDY}`);
  }
  if (second !== undefined) {
    problems.error('DEFINITION.YAML', second.range[0], 'A second document begins here. Keep one definition per file.');
  }
  return problems.failed ? null : document;
}

class TreeBuilder {
  constructor(
    private readonly source: string,
    private readonly problems: Problems,
  ) {}

  /** `at` stands in for the position of a value that was left out. */
  build(node: ParsedNode | null, at: number): Tree {
    if (node === null) return { kind: 'scalar', at, value: null, offsetOf: () => at };
    const [start, end] = node.range;
    if (isMap(node)) return { kind: 'map', at: start, entries: this.entries(node.items) };
    if (isSeq(node)) return { kind: 'list', at: start, items: node.items.map((item) => this.build(item, start)) };
    if (isScalar(node)) return this.scalar(toScalarValue(node.value), start, end);
    this.problems.error(
      'DEFINITION.ALIAS',
      start,
      `Aliases such as "*${node.source}" are not read. Write the value out.`,
    );
    return this.scalar(null, start, end);
  }

  private scalar(value: ScalarValue, start: number, end: number): TreeScalar {
    const offsetOf = (index: number): number =>
      typeof value === 'string' ? start + rawOffset(this.source.slice(start, end), value, index) : start;
    return { kind: 'scalar', at: start, value, offsetOf };
  }

  private entries(pairs: readonly Pair<ParsedNode, ParsedNode | null>[]): TreeMap['entries'] {
    const seen = new Set<string>();
    return pairs.map(({ key, value }) => {
      const [at, end] = key.range;
      const name = isScalar(key) ? String(key.value) : '';
      if (seen.has(name)) this.problems.error('DEFINITION.DUPLICATE_KEY', at, duplicate(name));
      seen.add(name);
      return { key: { value: name, at }, value: this.build(value, end) };
    });
  }
}

function toScalarValue(value: unknown): ScalarValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

function duplicate(name: string): string {
  return `The key "${name}" appears twice in this map. Remove one of them.`;
}
