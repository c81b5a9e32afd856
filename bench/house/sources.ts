import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readModule } from './read-module';
import type { ExportedName } from './read-module';

export interface Source {
  /** From the root of the repository: `libs/engine/src/receive.ts`. */
  readonly file: string;
  /** `libs/engine`, `apps/cli`, `bench`, `test`. */
  readonly project: string;
  /** `index`: the public list of a lib, whose names are exported again. `test`: specs, and what only they use. */
  readonly kind: 'production' | 'index' | 'test';
  readonly lines: number;
  /** Specifiers of its imports and re-exports, as written. */
  readonly imports: readonly string[];
  readonly exported: readonly ExportedName[];
}

const ROOMS = ['apps', 'libs', 'bench', 'test'];
const LEFT_OUT = /\.d\.ts$|\/node_modules\/|^bench\/house\//;
const TEST = /\.spec\.ts$|\/testing\/|\/fixtures\/|^test\//;

/** All TypeScript of the repository, by name. */
export function readSources(repository: string): readonly Source[] {
  const files = ROOMS.flatMap((room) =>
    readdirSync(join(repository, room), { recursive: true, encoding: 'utf8' }).map((file) => `${room}/${file}`),
  );
  return files
    .filter((file) => file.endsWith('.ts') && !LEFT_OUT.test(file))
    .sort()
    .map((file) => sourceOf(file, readFileSync(join(repository, file), 'utf8')));
}

export function sourceOf(file: string, text: string): Source {
  const [room = '', name = ''] = file.split('/');
  return {
    file,
    project: room === 'apps' || room === 'libs' ? `${room}/${name}` : room,
    kind: kindOf(file),
    lines: text.split('\n').length - 1,
    ...readModule(file, text),
  };
}

function kindOf(file: string): Source['kind'] {
  if (TEST.test(file)) return 'test';
  return file.endsWith('/src/index.ts') ? 'index' : 'production';
}
