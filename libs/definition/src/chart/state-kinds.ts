import type { Problems } from '../problems';
import type { ChartState } from './chart';
import type { WrittenState } from './state-shape';

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

export function kindOf(state: WrittenState): Kind {
  return state.type?.value ?? (state.keys.has('states') ? 'compound' : 'atomic');
}

/** Reports keys that are known, but mean nothing on this kind of state. */
export function checkKeys(state: ChartState, written: WrittenState, problems: Problems): void {
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
