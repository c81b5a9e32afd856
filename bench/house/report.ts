import type { ProjectFigures } from './figures';

export interface PassedFile {
  readonly file: string;
  readonly lines: number;
}

/** What `npm run house` finds. */
export interface HouseReport {
  readonly projects: readonly ProjectFigures[];
  /** Files that import each other in a circle. */
  readonly circles: readonly (readonly string[])[];
  /** Imports that reach into an app from outside it: from, to. */
  readonly reachesIntoApps: readonly (readonly [string, string])[];
  /** Production files that one activity passes; null: not looked at. */
  readonly activityPath: readonly PassedFile[] | null;
}

const HEAD = ['', 'files', 'lines', 'median', 'p90', 'max', '≤ 30', 'exported', 'explained', 'public'];

/** The report for people. */
export function describeHouse({ projects, circles, reachesIntoApps, activityPath }: HouseReport): string {
  const rows = [HEAD, ...projects.map(rowOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const table = rows.map((row) => row.map((cell, at) => aligned(cell, at, widths[at] ?? 0)).join('  '));
  const reaches = countBy(reachesIntoApps.map(([from, to]) => `${projectOf(from)} → ${projectOf(to)}`));
  return [
    ...table,
    '',
    `Circles of imports: ${circles.length}`,
    ...circles.map((files) => `  ${[...files, files[0]].join(' → ')}`),
    `Imports that reach into an app: ${reachesIntoApps.length}`,
    ...reaches.map(([edge, n]) => `  ${edge}: ${n}`),
    ...(activityPath === null ? [] : ['', ...describePath(activityPath)]),
  ].join('\n');
}

function describePath(files: readonly PassedFile[]): readonly string[] {
  const perProject = countBy(files.map(({ file }) => projectOf(file))).map(([project, n]) => `${project} ${n}`);
  const lines = files.reduce((sum, file) => sum + file.lines, 0).toLocaleString('en-GB');
  return [
    `One activity passes ${files.length} files of ${lines} lines (${perProject.join(', ')}):`,
    ...files.map(({ file }) => `  ${file}`),
  ];
}

function rowOf(of: ProjectFigures): readonly string[] {
  const share = of.exported === 0 ? '-' : `${Math.round((of.documented / of.exported) * 100)} %`;
  const numbers = [of.files, of.lines, of.median, of.p90, of.max, of.small, of.exported];
  return [of.project, ...numbers.map((n) => n.toLocaleString('en-GB')), share, of.public === 0 ? '-' : `${of.public}`];
}

const aligned = (cell: string, column: number, width: number): string =>
  column === 0 ? cell.padEnd(width) : cell.padStart(width);

const projectOf = (file: string): string => /^(?:apps|libs)\/[^/]+|^[^/]+/.exec(file)?.[0] ?? file;

function countBy(names: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}
