import type { Database } from '@perennial/store';
import type { LinkStatus } from '@perennial/stream';

const INTERVAL_MS = 5_000;
const LINK = 'database';

/** An idle engine asks its database nothing, so somebody must ask whether it is there. Returns how to stop. */
export function watchDatabase(database: Pick<Database, 'ping'>, link: (status: LinkStatus) => void): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout | null = null;
  const ask = async (): Promise<void> => {
    const status = await database.ping().then(
      () => ({ link: LINK, state: 'connected', reason: null }) as const,
      (error: unknown) =>
        ({ link: LINK, state: 'waiting', reason: error instanceof Error ? error.message : String(error) }) as const,
    );
    if (stopped) return;
    timer = setTimeout(() => void ask(), INTERVAL_MS);
    link(status);
  };
  void ask();
  return () => {
    stopped = true;
    if (timer !== null) clearTimeout(timer);
  };
}
