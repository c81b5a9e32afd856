import type { CompiledDefinition } from '@perennial/definition';
import type { Share, ShareJob } from './share';
import { openShareReplay } from './share-replay';
import { startThread } from './share-thread';

/** So many shares, each in a thread of its own; a single one in this thread. */
export async function openShares(
  count: number,
  definition: CompiledDefinition,
  job: Omit<ShareJob, 'definition'>,
): Promise<readonly Share[]> {
  if (count === 1) return [await shareHere(definition, job)];
  return Array.from({ length: count }, () => startThread({ ...job, definition: definition.source }));
}

/** A share in this thread. */
export async function shareHere(definition: CompiledDefinition, job: Omit<ShareJob, 'definition'>): Promise<Share> {
  const replay = await openShareReplay(definition, job);
  return {
    take: (sheet) => Promise.resolve(replay.take(sheet)),
    finish: (before) => Promise.resolve(replay.finish(before)),
    summary: () => Promise.resolve(replay.summary()),
    close: () => Promise.resolve(),
  };
}
