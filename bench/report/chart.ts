import type { Goal } from './figure';
import { escaped } from './escaped';

/** One place on the time axis: a run, its middle and its spread. */
export interface Mark {
  /** Shown when pointed at. */
  readonly label: string;
  readonly middle: number;
  readonly least: number;
  readonly most: number;
}

const WIDTH = 320;
const HEIGHT = 56;
const EDGE = 6;

/** Marks from left to right with their spread, from zero up, the goal as a dashed line; SVG to stand in a page. */
export function chart(marks: readonly Mark[], goal: Goal | undefined): string {
  const top = Math.max(...marks.map(({ most }) => most), goal?.value ?? 0);
  if (!(top > 0)) return '';
  const y = (value: number): string => (HEIGHT - EDGE - (value / top) * (HEIGHT - 2 * EDGE)).toFixed(1);
  const step = (WIDTH - 2 * EDGE) / Math.max(1, marks.length - 1);
  const x = (index: number): string => (EDGE + index * step).toFixed(1);
  const points = marks.map(({ middle }, index) => `${x(index)},${y(middle)}`).join(' ');
  const goalLine =
    goal === undefined ? '' : `<line class="goal" x1="0" x2="${WIDTH}" y1="${y(goal.value)}" y2="${y(goal.value)}"/>`;
  const drawn = marks.map(
    ({ label, middle, least, most }, index) =>
      `<g><title>${escaped(label)}</title>` +
      `<line x1="${x(index)}" x2="${x(index)}" y1="${y(least)}" y2="${y(most)}"/>` +
      `<circle cx="${x(index)}" cy="${y(middle)}" r="3"/></g>`,
  );
  return (
    `<svg role="img" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}">` +
    `<polyline points="${points}"/>${goalLine}${drawn.join('')}</svg>`
  );
}
