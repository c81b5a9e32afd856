import type { LogAdmin, LinkStatus } from '@perennial/stream';

const INTERVAL_MS = 5_000;
const LINK = 'probe';

/** A collector that nobody sends to asks its log nothing, so somebody must ask whether it is there. Returns how to stop. */
export function watchLog(admin: () => LogAdmin, link: (status: LinkStatus) => void): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout | null = null;
  const ask = async (): Promise<void> => {
    const asked = admin();
    const status = await asked.connect().then(
      () => ({ link: LINK, state: 'connected', reason: null }) as const,
      (error: unknown) =>
        ({ link: LINK, state: 'waiting', reason: error instanceof Error ? error.message : String(error) }) as const,
    );
    await asked.close();
    if (stopped) return;
    timer = setTimeout(() => void ask(), INTERVAL_MS);
    link(status);
  };
  timer = setTimeout(() => void ask(), INTERVAL_MS);
  return () => {
    stopped = true;
    if (timer !== null) clearTimeout(timer);
  };
}
