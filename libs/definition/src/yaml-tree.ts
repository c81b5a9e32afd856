import {
  Composer,
  type CST,
  type Document,
  type ErrorCode,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Pair,
  type ParsedNode,
  Parser,
} from 'yaml';
import { LIMITS } from './limits';
import type { Problems } from './problems';
import { rawOffset, TOO_LARGE } from './source-text';

/** One slip makes YAML report many errors after it; the first ones tell. */
const MAX_SYNTAX_ERRORS = 3;
/** What is wrong most often: CEL with a list in it, written without quotes. */
const SYNTAX_REMEDY = 'Check brackets and indentation here; a text that has any of [ ] { } , # needs quotes.';

const TOO_MANY_TOKENS = `The file has more than ${LIMITS.tokens} words and marks of YAML up to here. Leave out what repeats.`;
const LOST_LETTER =
  'This character, U+FFFD, stands for a letter that another program could not read. Write the letter again, and save as UTF-8.';
const TOO_DEEP = `More than ${LIMITS.nesting} levels of nesting. Flatten the file.`;

const SYNTAX_REMEDIES: Partial<Record<ErrorCode, string>> = {
  TAB_AS_INDENT: 'Indent with blanks in place of tabs.',
  MULTILINE_IMPLICIT_KEY: 'A key, its colon and a blank after it stand on one line, such as version: 1.',
  BLOCK_IN_FLOW: 'A text that has a colon and a blank in it needs quotes, such as "Shop: Visit".',
  BLOCK_AS_IMPLICIT_KEY: 'A text that has a colon and a blank in it needs quotes, such as "Shop: Visit".',
};

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
type ScalarValue = string | number | boolean | null;

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
  if (source.length > LIMITS.bytes || new TextEncoder().encode(source).length > LIMITS.bytes) {
    problems.error('DEFINITION.TOO_LARGE', 0, TOO_LARGE);
    return null;
  }
  const lost = source.indexOf('\ufffd');
  if (lost >= 0) problems.error('DEFINITION.ENCODING', lost, LOST_LETTER);
  const tokens = tokensOf(source, problems);
  const document = tokens === null ? null : compose(tokens, source, problems);
  return document === null ? null : new TreeBuilder(source, problems).build(document.contents, 0);
}

/**
 * The tokens of a source; null when it nests too deeply. Looked at after each word: what closes and composes nested
 * tokens recurses, and near the end of the stack it ended the whole process.
 */
function tokensOf(source: string, problems: Problems): readonly CST.Token[] | null {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let words = 0;
  for (const word of new Lexer().lex(source)) {
    const at = parser.offset;
    for (const token of parser.next(word)) tokens.push(token);
    if (++words > LIMITS.tokens) {
      problems.error('DEFINITION.TOO_LARGE', at, TOO_MANY_TOKENS);
      return null;
    }
    if (parser.stack.length > LIMITS.nesting) {
      problems.error('DEFINITION.TOO_DEEP', at, TOO_DEEP);
      return null;
    }
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

function compose(tokens: readonly CST.Token[], source: string, problems: Problems): Document.Parsed | null {
  const composer = new Composer({ schema: 'core', stringKeys: true, uniqueKeys: false, resolveKnownTags: false });
  const [document, second] = composer.compose(tokens, true, source.length);
  if (document === undefined) return null;
  const wrong = [...document.errors, ...document.warnings];
  for (const { pos, message, code } of wrong.slice(0, MAX_SYNTAX_ERRORS)) {
    problems.error('DEFINITION.YAML', pos[0], `${message}. ${remedyOf(code, message)}`);
  }
  if (second !== undefined) {
    problems.error('DEFINITION.YAML', second.range[0], 'A second document begins here. Keep one per file.');
  }
  return wrong.length > 0 || second !== undefined ? null : document;
}

function remedyOf(code: ErrorCode, message: string): string {
  if (message.includes('quote')) return 'A text above begins with a quote that is never closed.';
  if (message.includes('same column')) return 'Move this line; each item of a list begins with "- ".';
  return SYNTAX_REMEDIES[code] ?? SYNTAX_REMEDY;
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
