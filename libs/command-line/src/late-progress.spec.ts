import { PassThrough } from 'node:stream';
import { openLateProgress } from './progress';

function screen(): { at: number; stream: PassThrough; now: () => number } {
  const self = { at: 0, stream: new PassThrough({ encoding: 'utf8' }), now: () => self.at };
  return self;
}
const job = { title: 'replay', unit: 'activities', total: 100 };

describe('The progress of a replay', () => {
  it('is not shown when it takes less than two seconds', () => {
    const display = screen();
    const progress = openLateProgress(job, display);
    display.at = 1_999;
    progress.update(100);
    progress.stop();
    expect(display.stream.read()).toBeNull();
  });

  it('counts from the beginning when it is shown', () => {
    const display = screen();
    const progress = openLateProgress(job, display);
    display.at = 5_000;
    progress.update(50);
    progress.stop();
    expect(display.stream.read()).toBe('replay: 50 of 100 activities, 10/s, 5 s left\n');
  });
});
