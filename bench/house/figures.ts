import type { Source } from './sources';

/** The sizes of a project's production files, and how much of its names is explained. */
export interface ProjectFigures {
  readonly project: string;
  readonly files: number;
  readonly lines: number;
  readonly median: number;
  /** Nine files of ten are no longer. */
  readonly p90: number;
  readonly max: number;
  /** Files of at most 30 lines. */
  readonly small: number;
  /** Exported declarations. */
  readonly exported: number;
  /** Those of them with a docstring. */
  readonly documented: number;
  /** Names in the index of a lib. */
  readonly public: number;
}

const SMALL = 30;

/** By project, and of all together as the last one. */
export function figuresOf(sources: readonly Source[]): readonly ProjectFigures[] {
  const projects = [...new Set(sources.filter(({ kind }) => kind === 'production').map(({ project }) => project))];
  const inHouse = sources.filter(({ project }) => project !== 'bench' && project !== 'test');
  return [
    ...projects.map((project) =>
      ofProject(
        project,
        sources.filter((source) => source.project === project),
      ),
    ),
    ofProject('apps + libs', inHouse),
  ];
}

function ofProject(project: string, sources: readonly Source[]): ProjectFigures {
  const production = sources.filter(({ kind }) => kind === 'production');
  const sizes = production.map(({ lines }) => lines).sort((a, b) => a - b);
  const exported = production.flatMap((source) => source.exported);
  return {
    project,
    files: sizes.length,
    lines: sizes.reduce((sum, lines) => sum + lines, 0),
    median: quantile(sizes, 0.5),
    p90: quantile(sizes, 0.9),
    max: sizes.at(-1) ?? 0,
    small: sizes.filter((lines) => lines <= SMALL).length,
    exported: exported.length,
    documented: exported.filter(({ documented }) => documented).length,
    public: sources.filter(({ kind }) => kind === 'index').flatMap((source) => source.exported).length,
  };
}

/** The nearest rank: the smallest value that at least this share of the values does not exceed. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
