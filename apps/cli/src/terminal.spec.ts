import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SignalFact, type StageChanged } from '@perennial/contracts';
import { InvalidInput } from '@perennial/values';
import type { CustomerView } from '@perennial/lifecycle';
import { createTerminal, failureOf, type Terminal } from '@perennial/command-line';
import { repository } from '@perennial/dev-stack';
import { describeCustomer } from './commands/customer';
import { describeDeadLetter, lineOf } from './dead-letter/describe-dead-letter';
import { describeFindings, wrong } from './doctor/finding';

import { describeSummary } from './main-job/summary';
import { describeReport } from './replay/report';
import { describeFact } from './watch/follow-facts';

/** Clears the screen, rings, breaks lines, reorders, hides; in C0, C1 and beyond. */
const HOSTILE = 'c\u001b[2J\u0007\r\n\u009b31m\u202e\u2028\u200b\u007f!';
const SAFE = String.raw`c\u001b[2J\u0007\u000d\u000a\u009b31m\u202e\u2028\u200b\u007f!`;

function written(write: (terminal: Terminal) => void): string {
  let text = '';
  const collect = (some: string): void => void (text += some);
  write(createTerminal(collect, collect));
  return text;
}

const letter = {
  letter: {
    position: { topic: HOSTILE, partition: 0, offset: 1 },
    cause: 'unknown-shape',
    detail: HOSTILE,
    key: Buffer.from(HOSTILE),
    value: Buffer.from(HOSTILE),
    headers: [{ name: HOSTILE, value: Buffer.from(HOSTILE) }],
    appendedAt: 0,
    setAsideAt: 0,
  },
  resolution: { state: 'dropped', by: HOSTILE, at: 0, reason: HOSTILE },
} as never;
const view = {
  stage: HOSTILE,
  since: '',
  regions: { stage: HOSTILE, [HOSTILE]: HOSTILE },
  views: { [HOSTILE]: HOSTILE },
  why: { from: HOSTILE, to: HOSTILE, occurredAt: '', cause: { kind: 'activity', signal: null, activityId: HOSTILE } },
  profile: { [HOSTILE]: 1 },
  amounts: [],
  currency: null,
  on: [HOSTILE],
  nextDeadline: null,
  definition: { name: HOSTILE, version: 1 },
} as unknown as CustomerView;
const counts = { [HOSTILE]: 1 };
const summary = {
  activities: 1,
  customers: 1,
  deadLetters: 0,
  activitiesPerSecond: 1,
  stages: counts,
  moves: counts,
  outcomes: counts,
  facts: counts,
};
const views = { [HOSTILE]: { [HOSTILE]: null } };
const report = { ...summary, views, deadLetterCauses: counts, amountsLeftOut: counts, parkedCustomers: 1 };
const moved = { occurredAt: '', customer: HOSTILE, path: HOSTILE, cause: { kind: 'activity', signal: HOSTILE } };

describe('What others have written cannot act on the terminal, nor begin a line of its own:', () => {
  it.each<[string, (terminal: Terminal) => void, number]>([
    [
      'a move of watch',
      ({ out }) => {
        out(describeFact(`acme:${HOSTILE}`, moved as unknown as StageChanged));
      },
      1,
    ],
    [
      'a signal of watch',
      ({ out }) => {
        out(describeFact('default:c', { ...moved, signal: HOSTILE, change: 'on' } as unknown as SignalFact));
      },
      1,
    ],
    [
      'customer show',
      ({ out }) => {
        out(...describeCustomer(HOSTILE, view));
      },
      11,
    ],
    [
      'dead-letter list',
      ({ out }) => {
        out(lineOf(letter));
      },
      1,
    ],
    [
      'dead-letter show',
      ({ out }) => {
        out(...describeDeadLetter(letter));
      },
      10,
    ],
    [
      'doctor',
      ({ out }) => {
        out(...describeFindings([wrong(HOSTILE, HOSTILE, HOSTILE)]));
      },
      2,
    ],
    [
      'start',
      ({ out }) => {
        out(...describeSummary(summary));
      },
      19,
    ],
    [
      'replay',
      ({ out }) => {
        out(...describeReport(report, { until: 0 }));
      },
      23,
    ],
    [
      'what is said',
      ({ say }) => {
        say(HOSTILE, HOSTILE);
      },
      2,
    ],
    [
      'an error',
      ({ say }) => {
        say(failureOf(new InvalidInput('CLI.X', HOSTILE.replace('\n', '')), false).text ?? '');
      },
      1,
    ],
  ])('%s', (_, write, lines) => {
    const text = written(write);
    expect(text).toContain(SAFE.slice(0, 17));
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
    expect(text.split('\n')).toHaveLength(lines + 1);
  });

  it('and machines get exactly what it is', () => {
    const said = { [HOSTILE]: `${HOSTILE}\ud800 \u{e0041} Zoë €` };
    const text = written(({ json }) => {
      json(JSON.stringify(said));
    });
    expect(JSON.parse(text)).toEqual(said);
    expect(text.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
  });

  it('but for a text that goes into a file or a pipe, which is what it is', () => {
    const source = `a: 1\t# ${HOSTILE}\r\n\u0007`;
    const write = ({ text }: Terminal): void => {
      text(source);
    };
    expect(written(write)).toBe(source);
    const seen: string[] = [];
    write(createTerminal((text) => void seen.push(text), () => undefined, true)); // prettier-ignore
    expect(seen.join('').replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
  });

  it('since there is one place that writes', () => {
    const folders = ['apps/cli/src', 'libs/command-line/src', 'libs/dev-stack/src'].map((each) =>
      join(repository, each),
    );
    const sources = folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
    );
    const writing = sources
      .filter((file) => /(?<!\.spec)\.ts$/.test(file))
      .filter((file) => /process\.std(out|err)\.write|console\./.test(readFileSync(file, 'utf8')));
    expect(writing).toEqual([join(repository, 'libs/command-line/src/terminal.ts')]);
  });
});
