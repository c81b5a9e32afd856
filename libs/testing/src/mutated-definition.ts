import type { Chance } from './simulation/chance';

type Texts = readonly [string, ...string[]];
type Mutation = (text: string, chance: Chance, sources: Texts) => string;

/** What YAML, CEL and definitions give a meaning to, and what none of them expects. */
const WORDS: Texts = [
  ...['[', ']', '{', '}', ': ', ', ', '- ', '? ', '#', '&a ', '*a', '!!str ', '|\n', '>-\n', '"', "'", '---\n', '\t'],
  ...['on: ', 'after: ', 'states: ', 'type: parallel', 'type: history', 'history: deep', 'initial: ', 'reenter: true'],
  ...['when: ', 'until: ', 'absent: ', 'for: ', 'below: 1', 'of: energy', 'edge: true', 'sum: ', 'sign: negative'],
  ...[
    'profile.orders',
    ' >= 1',
    ' && ',
    ' and ',
    ' in [1, 2]',
    '(',
    ')',
    '!',
    '-',
    '? 1 : 2',
    "'text'",
    '1e999',
    '0x1F',
  ],
  ...[
    'P60D',
    'P99999999999D',
    'PT0.001S',
    'P1M',
    '-1',
    '.inf',
    '.nan',
    'null',
    '~',
    'true',
    'é',
    '😀',
    '\ud800',
    '\u0000',
  ],
  ...['constructor', '__proto__', '<<', '#stage.dormancy', '.child', '*', '9'.repeat(400), 'x'.repeat(3_000)],
] as unknown as Texts;

const MUTATIONS: readonly [Mutation, ...Mutation[]] = [
  (text, chance) => replaced(text, chance, chance.between(1, 12), ''),
  (text, chance) => replaced(text, chance, 0, chance.pick(WORDS)),
  (text, chance) => replaced(text, chance, chance.between(1, 6), chance.pick(WORDS)),
  (text, chance) => replaced(text, chance, 1, String.fromCharCode(chance.between(0, 0xffff))),
  (text, chance) => replaced(text, chance, 0, chance.pick(WORDS).repeat(chance.between(2, 400))),
  (text, chance) => onLines(text, chance, (line) => [line, line]),
  (text, chance) => onLines(text, chance, () => []),
  (text, chance) => onLines(text, chance, (line) => [' '.repeat(chance.between(0, 9)) + line.trimStart()]),
  (text, chance) => onLines(text, chance, (line) => Array.from({ length: chance.between(2, 300) }, () => line)),
  (text, chance) => text.replaceAll(wordOf(text, chance), chance.pick(WORDS)),
  (text, chance) => text.replace(wordOf(text, chance), wordOf(text, chance)),
  (text, chance, sources) => replaced(text, chance, 0, pieceOf(chance.pick(sources), chance)),
];

/** A definition made of others by one slip or up to six of a pen or of a program; at times its bytes are cut or changed too. */
export function mutatedDefinition(chance: Chance, sources: Texts): Uint8Array {
  let text = chance.pick(sources);
  const slips = chance.happens(0.6) ? 1 : chance.between(2, 6);
  for (let left = slips; left > 0; left--) text = chance.pick(MUTATIONS)(text, chance, sources);
  const bytes = Buffer.from(text, chance.happens(0.03) ? 'latin1' : chance.happens(0.03) ? 'utf16le' : 'utf8');
  if (bytes.length > 0 && chance.happens(0.05)) bytes[chance.between(0, bytes.length - 1)] = chance.between(0, 255);
  return bytes.subarray(0, chance.happens(0.03) ? chance.between(0, bytes.length) : bytes.length);
}

function replaced(text: string, chance: Chance, length: number, by: string): string {
  const at = chance.between(0, text.length);
  return text.slice(0, at) + by + text.slice(at + length);
}

function onLines(text: string, chance: Chance, change: (line: string) => string[]): string {
  const lines = text.split('\n');
  const at = chance.between(0, lines.length - 1);
  return [...lines.slice(0, at), ...change(lines[at] ?? ''), ...lines.slice(at + 1)].join('\n');
}

function wordOf(text: string, chance: Chance): string {
  const words = text.match(/[\w.-]+/g) ?? [];
  return words[chance.between(0, words.length - 1)] ?? 'kind';
}

function pieceOf(text: string, chance: Chance): string {
  const from = chance.between(0, text.length);
  return text.slice(from, from + chance.between(1, 400));
}
