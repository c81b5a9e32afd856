import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Decided, Digest } from './comparison';
import type { Sample } from './samples';

const NEWLINE = 0x0a;

/** The facts of a sample as `perennial replay --facts` of the build in `build` writes them, a line each. */
export async function replayed(build: string, sample: Sample, file: string): Promise<Decided> {
  const program = join(build, 'apps/cli/bin/perennial.js');
  await promisify(execFile)(process.execPath, [program, 'replay', ...sample.arguments, '--facts', file, '--json']);
  const digest = new Digest();
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>)
    digest.add(
      chunk,
      chunk.reduce((lines, byte) => lines + (byte === NEWLINE ? 1 : 0), 0),
    );
  return digest.decided();
}
