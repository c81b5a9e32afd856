/** Names in a condition: which fields there are, and what a name means. */
import type { ASTNode } from '@marcbachmann/cel-js';
import type { Field } from '../compiled';
import type { Message, ProblemCode } from '../problems';
import type { FieldEntry } from '../profile/fields';
import { didYouMean } from '../spelling';
import { fieldTerm, GAP_PARTS, gapTerm, type Term } from './terms';

/** What an expression can know of a field of the profile. */
interface ScopeField {
  /** Its place in the definition's fields. */
  readonly index: number;
  readonly kind: Field['kind'] | 'unknown';
}
/** The declared fields by name, those with mistakes of their own included, so that one mistake is reported once. */
export type Scope = ReadonlyMap<string, ScopeField>;

/** The scope of a definition's profile. */
export function scopeOf(entries: readonly FieldEntry[], fields: readonly Field[]): Scope {
  return new Map(
    entries.map(({ name }) => {
      const index = fields.findIndex((field) => field.name === name.value);
      return [name.value, { index, kind: fields[index]?.kind ?? 'unknown' }];
    }),
  );
}

/** Reports a mistake at a part of the expression; gives null, for the term that it is not. */
export type Report = (code: ProblemCode, node: ASTNode, message: Message) => null;
type NameNode = Extract<ASTNode, { op: 'id' | '.' }>;

/** Resolves what an expression names: `profile.<field>` and `profile.<field of gaps>.<part>`. */
export class NameChecker {
  readonly fields = new Set<number>();

  constructor(
    private readonly scope: Scope,
    private readonly report: Report,
  ) {}

  term(node: NameNode): Term | null {
    const path = pathOf(node);
    if (path === undefined) return this.report('DEFINITION.CEL_UNSUPPORTED', node, 'Only profile.<field> has a dot.');
    const [root = '', name, part, ...rest] = path;
    if (root === 'risk') return this.report('DEFINITION.NOT_YET', node, NO_RISK);
    if (root !== 'profile') return this.report('DEFINITION.UNKNOWN_FIELD', node, () => this.unknownRoot(root, name));
    if (name === undefined) return this.report('DEFINITION.CEL_TYPE', node, 'Name a field of it: profile.<field>.');
    const field = this.scope.get(name);
    if (field === undefined) return this.report('DEFINITION.UNKNOWN_FIELD', node, () => this.unknownField(name));
    this.fields.add(field.index);
    if (field.kind === 'unknown') return null;
    if (field.kind !== 'gaps') return part === undefined ? fieldTerm(name) : this.noParts(node, name);
    const known = GAP_PARTS.find((candidate) => candidate === part);
    return known !== undefined && rest.length === 0 ? gapTerm(name, known) : this.unknownPart(node, name, part);
  }

  private noParts(node: ASTNode, name: string): null {
    return this.report('DEFINITION.UNKNOWN_FIELD', node, `profile.${name} is a number and has no parts.`);
  }

  private unknownPart(node: ASTNode, name: string, part: string | undefined): null {
    const parts = GAP_PARTS.map((known) => `profile.${name}.${known}`).join(', ');
    const message = (): string =>
      `profile.${name} holds gaps; name one of its parts: ${parts}.${didYouMean(part ?? '', GAP_PARTS)}`;
    return this.report('DEFINITION.UNKNOWN_FIELD', node, message);
  }

  private unknownRoot(root: string, name: string | undefined): string {
    const field = [root, name ?? ''].find((candidate) => this.scope.has(candidate));
    const suggestion = field === undefined ? didYouMean(root, ['profile']) : ` Did you mean "profile.${field}"?`;
    return `Unknown name "${root}"; conditions read fields of the profile (profile.<field>), not signals, events or their properties.${suggestion}`;
  }

  private unknownField(name: string): string {
    const fields = [...this.scope.keys()];
    const known = fields.length === 0 ? 'it declares none' : `it has ${fields.slice(0, 20).join(', ')}`;
    return `The profile has no field "${name}"; ${known}.${didYouMean(name, fields)}`;
  }
}

const NO_RISK =
  'The engine does not score churn risk yet, so risk.* cannot be read. Use fields of the profile for now.';

/** `a.b.c` as its names; undefined when something else than names stands before a dot. */
function pathOf(node: ASTNode): string[] | undefined {
  if (node.op === 'id') return [node.args];
  if (node.op !== '.') return undefined;
  const base = pathOf(node.args[0]);
  return base && [...base, node.args[1]];
}
