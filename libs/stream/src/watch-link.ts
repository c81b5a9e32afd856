import type { LinkStatus } from './observer';

const INTERVAL_MS = 5_000;

/**
 * A service that has nothing to do asks its servers nothing, so somebody must ask whether they are there: `ask`, now and
 * every five seconds. Returns how to stop.
 */
export function watchLink(name: string, ask: () => Promise<unknown>, tell: (status: LinkStatus) => void): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout | null = null;
  const look = async (): Promise<void> => {
    const status = await ask().then(
      () => ({ link: name, state: 'connected', reason: null }) as const,
      (error: unknown) =>
        ({ link: name, state: 'waiting', reason: error instanceof Error ? error.message : String(error) }) as const,
    );
    if (stopped) return;
    timer = setTimeout(() => void look(), INTERVAL_MS);
    tell(status);
  };
  void look();
  return () => {
    stopped = true;
    if (timer !== null) clearTimeout(timer);
  };
}
