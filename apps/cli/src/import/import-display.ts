import type { PhaseProgress } from '@perennial/importer';
import { openProgress, type Progress } from '@perennial/command-line';
import { openLateProgress } from '../replay/late-progress';

/** How far an import is, on stderr: one display after the other. */
export interface ImportDisplay {
  readonly update: (progress: PhaseProgress) => void;
  /** Ends the display; to be called whatever happens. */
  readonly stop: () => void;
}

interface Shown extends Pick<PhaseProgress, 'phase' | 'total'> {
  readonly progress: Progress;
}

/** `title`: what the activities are, in one or two words. */
export function openImportDisplay(title: string): ImportDisplay {
  let shown: Shown | null = null;
  const stop = (): void => {
    shown?.progress.stop();
    shown = null;
  };
  return {
    update: ({ phase, done, total }) => {
      if (shown?.phase !== phase || shown.total !== total) {
        stop();
        shown = { phase, total, progress: open(phase, title, done, total) };
      }
      shown.progress.update(done);
    },
    stop,
  };
}

function open(phase: PhaseProgress['phase'], title: string, from: number, total: number): Progress {
  return phase === 'activities'
    ? openProgress({ title, unit: 'activities', total, from })
    : openLateProgress({ title: 'the past', unit: 'deadlines', total });
}
