import { parseDuration } from '@perennial/values';
import type { Problems } from '../problems';
import type { Entry } from '../shape/collections';
import { type ChartState, type Move, withDescendants } from './chart';
import { References } from './references';
import { kindOf, type WrittenMove, type WrittenRegion, type WrittenState } from './state-shape';

/** Builds the chart of a region: first all states, then what refers to them. */
export class ChartBuilder {
  private readonly written: { readonly state: ChartState; readonly from: WrittenState }[] = [];

  constructor(
    private readonly signals: ReadonlySet<string>,
    private readonly problems: Problems,
  ) {}

  /** Null when it has no states; mistakes inside are reported and left out. */
  build(name: string, at: number, region: WrittenRegion): ChartState | null {
    if (region.states === undefined) return null;
    const root = newState(name, at, null, 'compound', null);
    this.addChildren(root, region.states);
    const states = withDescendants(root);
    const references = new References(states, this.signals, this.problems);
    if (region.initial !== undefined) root.initial = references.initial(root, region.initial);
    for (const { state, from } of this.written) this.connect(state, from, references);
    return root;
  }

  private addChildren(parent: ChartState, entries: readonly Entry<WrittenState>[]): void {
    if (entries.length === 0) {
      this.problems.error('DEFINITION.VALUE', parent.at, `"${parent.name}" has no states. Write at least one.`);
    }
    for (const { name, value } of entries) {
      const state = newState(name.value, name.at, parent, value === null ? 'atomic' : kindOf(value), value);
      parent.children.set(name.value, state);
      if (value === null) continue;
      checkKeys(state, value, this.problems);
      this.written.push({ state, from: value });
      if (value.states !== undefined) this.addChildren(state, value.states);
    }
  }

  private connect(state: ChartState, from: WrittenState, references: References): void {
    if (state.kind === 'compound' && from.initial !== undefined) {
      state.initial = references.initial(state, from.initial);
    }
    if (state.kind === 'history' && from.target !== undefined) {
      const fallback = references.fallback(state, from.target);
      if (fallback !== null) state.fallback = { written: from.target.value, state: fallback };
    }
    for (const { name, value } of from.on ?? []) {
      references.checkSignal(name);
      addMove(state, { kind: 'on', signal: name.value }, value, references);
    }
    this.addDelayed(state, from.after ?? [], references);
  }

  private addDelayed(state: ChartState, entries: readonly Entry<WrittenMove>[], references: References): void {
    const seen = new Map<number, string>();
    for (const { name, value } of entries) {
      const parsed = parseDuration(name.value);
      if (!parsed.ok) continue;
      const same = seen.get(parsed.ms);
      if (same !== undefined && same !== name.value) {
        const message = `${name.value} is the same time as ${same}, and only one move can be taken then. Remove one.`;
        this.problems.error('DEFINITION.DUPLICATE_DELAY', name.at, message);
      }
      seen.set(parsed.ms, name.value);
      addMove(state, { kind: 'after', ms: parsed.ms }, value, references);
    }
  }
}

function addMove(state: ChartState, trigger: Move['trigger'], move: WrittenMove | null, references: References): void {
  if (move?.target === undefined) return;
  const { value: written, at } = move.target;
  const target = references.target(state, move.target);
  if (target === null) return;
  // Into itself: the state is left and entered again, which is what the engine's re-entries are.
  state.moves.push({ trigger, written, reenter: move.reenter || target === state, target, at });
}

function newState(
  name: string,
  at: number,
  parent: ChartState | null,
  kind: ChartState['kind'],
  written: WrittenState | null,
): ChartState {
  const path = parent === null ? name : `${parent.path}.${name}`;
  const history = kind === 'history' ? (written?.history?.value ?? 'shallow') : null;
  const description = written?.description?.value ?? null;
  const children = new Map<string, ChartState>();
  return { name, path, at, parent, kind, history, description, children, initial: null, fallback: null, moves: [] };
}

type Kind = ChartState['kind'];

/** Which keys go with which kind of state, beside `type` and `description`. */
const KEYS: Readonly<Record<Kind, { readonly allowed: readonly string[]; readonly needed: readonly string[] }>> = {
  atomic: { allowed: ['on', 'after'], needed: [] },
  compound: { allowed: ['on', 'after', 'initial', 'states'], needed: ['initial'] },
  parallel: { allowed: ['on', 'after', 'states'], needed: ['states'] },
  final: { allowed: [], needed: [] },
  history: { allowed: ['history', 'target'], needed: [] },
};
const ALWAYS_ALLOWED = ['type', 'description'];

const CALLED: Readonly<Record<Kind, string>> = {
  atomic: 'a state without states inside',
  compound: 'a state with states inside',
  parallel: 'a parallel state',
  final: 'a final state, which nobody leaves',
  history: 'a history state, which leads on at once',
};

/** Reports keys that are known, but mean nothing on this kind of state. */
function checkKeys(state: ChartState, written: WrittenState, problems: Problems): void {
  if (written.keys.has('type') && written.type === undefined) return;
  const { allowed, needed } = KEYS[state.kind];
  for (const [key, at] of written.keys) {
    if (!isStateKey(key) || allowed.includes(key) || ALWAYS_ALLOWED.includes(key)) continue;
    const message = `"${key}" has no meaning here: "${state.name}" is ${CALLED[state.kind]}. Remove it, or change the type.`;
    problems.error('DEFINITION.CONFLICTING_KEYS', at, message);
  }
  for (const key of needed.filter((name) => !written.keys.has(name))) {
    const message = `The key "${key}" is missing; "${state.name}" is ${CALLED[state.kind]}.`;
    problems.error('DEFINITION.MISSING_KEY', state.at, message);
  }
}

function isStateKey(key: string): boolean {
  return Object.values(KEYS).some(({ allowed }) => allowed.includes(key));
}
