/** Loaded before the program that is looked at (`--require`): tells which functions ran since it was asked last. */
import { type Profiler, Session } from 'node:inspector';

const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

process.on('message', () => {
  session.post('Profiler.takePreciseCoverage', (_error, { result }) => {
    process.send?.(result.flatMap(functionsOf));
  });
});
process.channel?.unref();

/** `file:offset` of each function of ours that ran. */
function functionsOf({ url, functions }: Profiler.ScriptCoverage): readonly string[] {
  const file = /\/dist\/((?:apps|libs)\/.*)\.js$/.exec(url)?.[1];
  if (file === undefined) return [];
  const ran = functions.filter(({ ranges: [whole] }) => (whole?.count ?? 0) > 0);
  return ran.map(({ ranges: [whole] }) => `${file}.ts:${whole?.startOffset ?? 0}`);
}
