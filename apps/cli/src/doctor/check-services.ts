import { z } from 'zod';
import { type Finding, findingsOf, ok, unknown, wrong } from './finding';

const PATIENCE_MS = 5_000;
/** Facts that wait longer than this after their commit are stuck. */
const STUCK_SECONDS = 30;
const wellReport = z.object({ details: z.array(z.object({ check: z.string(), detail: z.string() })).default([]) });
const report = z.object({ reasons: z.array(z.object({ check: z.string(), reason: z.string() })) });

/** Whether the services whose addresses are known are ready, and whether facts leave the engine. */
export async function checkServices(services: readonly { name: string; url: string }[]): Promise<readonly Finding[]> {
  if (services.length === 0)
    return [unknown('engines', 'no address of an engine is known', 'Name it: perennial doctor --engine URL')];
  const findings = await Promise.all(services.map(checkService));
  return findings.flat();
}

function checkService({ name, url }: { readonly name: string; readonly url: string }): Promise<readonly Finding[]> {
  return findingsOf(name, `Start it, or look at its log: ${url} does not answer.`, async () => {
    const ready = await get(`${url}/health/ready`);
    const metrics = await get(`${url}/metrics`);
    return [await readiness(name, url, ready), ...outbox(name, await metrics.text())];
  });
}

const get = (url: string): Promise<Response> => fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });

async function readiness(name: string, url: string, ready: Response): Promise<Finding> {
  if (ready.ok) {
    const { details } = wellReport.parse(await ready.json());
    return ok(name, [`${url} is ready`, ...details.map(({ check, detail }) => `${check}: ${detail}`)].join('; '));
  }
  const { reasons } = report.parse(await ready.json());
  return wrong(name, reasons.map(({ check, reason }) => `${check}: ${reason}`).join('; '), 'See to what it names.');
}

/** The age of what waits to be published; nothing for services that publish nothing. */
export function outbox(name: string, metrics: string): Finding[] {
  const ages = [...metrics.matchAll(/^lifecycle_outbox_age_seconds\{[^}]*partition="(\d+)"[^}]*\} (\S+)$/gm)];
  if (!metrics.includes('lifecycle_outbox_age_seconds')) return [];
  const stuck = ages.filter(([, , age]) => Number(age) > STUCK_SECONDS);
  if (stuck.length === 0) return [ok(`${name} outbox`, 'nothing waits to be published for long')];
  const where = stuck.map(([, partition, age]) => `partition ${partition} for ${Math.round(Number(age))} s`).join(', ');
  return [wrong(`${name} outbox`, `facts wait: ${where}`, 'See to the broker: facts go out as soon as it takes them.')];
}
