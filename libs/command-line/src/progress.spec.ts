import { PassThrough } from 'node:stream';
import { openProgress } from './progress';

function onScreen(isTTY: boolean, from?: number) {
  const text: string[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 120, cursorTo: () => true, clearLine: () => true });
  stream.on('data', (chunk: Buffer) => text.push(chunk.toString()));
  const clock = { ms: 0 };
  const options = { title: 'orders', unit: 'activities', total: 1000, ...(from === undefined ? {} : { from }) };
  return { text, clock, progress: openProgress(options, { stream, now: () => clock.ms }) };
}

describe('progress without a terminal', () => {
  it('says rate and time left every few seconds, and what was done at the end', () => {
    const { text, clock, progress } = onScreen(false);
    progress.update(10);
    clock.ms = 5_000;
    progress.update(50);
    clock.ms = 6_000;
    progress.update(60);
    clock.ms = 100_000;
    progress.update(1000);
    progress.stop();
    expect(text).toEqual([
      'orders: 50 of 1000 activities, 10/s, 1 min 35 s left\n',
      'orders: 1000 of 1000 activities, 10/s\n',
    ]);
  });
});

it('says nothing when nothing was done', () => {
  for (const isTTY of [false, true]) {
    const { text, progress } = onScreen(isTTY);
    progress.stop();
    expect(text).toEqual([]);
  }
});

describe('progress on a terminal', () => {
  it('draws a bar, and leaves the signals to the program', () => {
    const before = process.listenerCount('SIGINT');
    const { text, clock, progress } = onScreen(true);
    clock.ms = 10_000;
    progress.update(500);
    expect(process.listenerCount('SIGINT')).toBe(before);
    progress.stop();
    expect(text.join('')).toMatch(/orders .+ 50% \| 500\/1000 activities \| 50\/s \| 10 s left/);
  });
});

describe('progress of a job that goes on where another run ended', () => {
  it('tells the rate of this run', () => {
    const { text, clock, progress } = onScreen(false, 600);
    progress.update(600);
    clock.ms = 5_000;
    progress.update(700);
    progress.stop();
    expect(text).toEqual(['orders: 700 of 1000 activities, 20/s, 15 s left\n']);
  });

  it('does so on a terminal', () => {
    const { text, clock, progress } = onScreen(true, 600);
    clock.ms = 10_000;
    progress.update(700);
    progress.stop();
    expect(text.join('')).toMatch(/70% \| 700\/1000 activities \| 10\/s \| 30 s left/);
  });

  it('says nothing when nothing was left to do', () => {
    const { text, progress } = onScreen(false, 1000);
    progress.stop();
    expect(text).toEqual([]);
  });
});
