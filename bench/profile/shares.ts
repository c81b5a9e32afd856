/** A CPU profile as V8 writes it; what is used of it. */
export interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}
interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

export interface Share {
  readonly part: string;
  readonly micros: number;
}

/** By the file of a function; a function of no part counts for its caller. */
const PARTS: readonly (readonly [pattern: RegExp, part: string])[] = [
  [/kafka\/src\/(consumer|wire\/(fetch|compression))/, 'fetch: batches to records'],
  // Records that are read are in here, too: little beside those that are written.
  [/kafka\/src\/wire\/(record|primitive)|contracts\/src\/facts/, 'publish: facts to bytes'],
  [/kafka\/src|stream\/src\/records/, 'publish: batches and requests'],
  [/contracts\/src|values\/src|engine\/src\/(receive|handlers\/forward|signing)/, 'receive: JSON, time, key'],
  [/engine\/src\/outbox/, 'outbox blob'],
  [/processor\/src\/state-cache/, 'state cache'],
  [
    /lifecycle\/src\/snapshot|codec\/src|processor\/src\/(working-set|state-rows)|engine\/src\/tenants/,
    'states: unpack and pack',
  ],
  [/lifecycle\/src|definition\/src/, 'decide: dedupe, fold, signal, step'],
  [/engine\/src|processor\/src/, 'engine: batches, loop, relay'],
  [/store\/src|node_modules\/pg/, 'PostgreSQL: log, rows, driver'],
  [/kafkajs/, 'kafkajs: network'],
  [/node:internal\/modules/, 'start: loading'],
  [/node:net|node:internal\/stream/, 'sockets'],
];
const SPECIAL = new Map([
  ['(garbage collector)', 'garbage collection'],
  ['(idle)', 'idle'],
]);
const REST = 'the rest';

/** Where the main thread's time went, the largest part first. */
export function shares({ nodes, samples, timeDeltas }: Profile): Share[] {
  const parts = partsOf(nodes);
  const micros = new Map<string, number>();
  samples.forEach((id, index) => {
    const part = parts.get(id) ?? REST;
    micros.set(part, (micros.get(part) ?? 0) + (timeDeltas[index] ?? 0));
  });
  return [...micros].map(([part, sum]) => ({ part, micros: sum })).sort((a, b) => b.micros - a.micros);
}

/** Nodes come before their children. */
function partsOf(nodes: readonly ProfileNode[]): Map<number, string> {
  const parts = new Map<number, string>();
  for (const { id, callFrame, children = [] } of nodes) {
    const own = SPECIAL.get(callFrame.functionName) ?? PARTS.find(([pattern]) => pattern.test(callFrame.url))?.[1];
    const part = own ?? parts.get(id) ?? REST;
    parts.set(id, part);
    for (const child of children) parts.set(child, part);
  }
  return parts;
}
