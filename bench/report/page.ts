/** A run and what went before it as one page that needs nothing else. */
import { chart } from './chart';
import { escaped } from './escaped';
import { type Figure, isMet, median, type PartResult } from './figure';
import { inOrder, through } from './history';
import type { RunReport } from './run-report';
import { goalOf, shown } from './table';

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .3rem .6rem; text-align: left; border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
svg { color: #2f7d4f; } svg line, svg polyline { stroke: currentColor; fill: none; } svg circle { fill: currentColor; }
svg polyline { opacity: .4; } svg .goal { stroke: #b4552d; stroke-dasharray: 4 3; }
.met { color: #2f7d4f; } .missed, .wrong { color: #b4552d; } .wrong { font-weight: 600; }`;

export function page(run: RunReport, kept: readonly RunReport[]): string {
  const runs = inOrder(kept, run);
  const { setting, options } = run;
  const { machine } = setting;
  const facts = {
    measured: `${setting.at} at commit ${setting.commit}`,
    machine: `${machine.processors} × ${machine.model}, ${machine.memoryGib} GiB, ${machine.system}, Node ${setting.node}`,
    sizes: told(options),
    servers: told(run.servers),
    engine: told(setting.engine) || 'defaults',
    peer: run.peer,
  };
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Perennial bench</title>
<style>${STYLE}</style></head><body>
<h1>Perennial bench</h1>
<table>${Object.entries(facts).map(factRow).join('')}</table>
${run.parts.map((part) => section(part, runs)).join('\n')}
<p>Dots are medians, lines the spread over the rounds, dashes the goal; the charts begin at zero. Point at a dot to see its run.</p>
</body></html>
`;
}

const factRow = ([name, value]: readonly [string, string]): string =>
  `<tr><th scope="row">${escaped(name)}</th><td>${escaped(value)}</td></tr>`;

const told = (values: object): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');

function section({ part, figures, notes, wrong }: PartResult, runs: readonly RunReport[]): string {
  const list = (lines: readonly string[], kind: string): string =>
    lines.length === 0 ? '' : `<ul class="${kind}">${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`;
  return `<h2>${escaped(part)}</h2>${list(wrong, 'wrong')}
<table><thead><tr><th>figure</th><th>median</th><th>least</th><th>most</th><th>unit</th><th>goal</th><th>runs</th></tr></thead>
<tbody>${figures.map((figure) => row(part, figure, runs)).join('\n')}</tbody></table>${list(notes, 'notes')}`;
}

function row(part: string, figure: Figure, runs: readonly RunReport[]): string {
  const { name, unit, values, goal } = figure;
  const numbers = values.length === 0 ? [Number.NaN] : values;
  const cells = [median(numbers), Math.min(...numbers), Math.max(...numbers)].map(
    (n) => `<td class="number">${shown(n)}</td>`,
  );
  const marks = through(runs, part, name).map(({ run: { setting }, figure: past }) => ({
    label: `${setting.at.slice(0, 10)} ${setting.commit}: ${shown(median(past.values))} ${unit}`,
    middle: median(past.values),
    least: Math.min(...past.values),
    most: Math.max(...past.values),
  }));
  const verdict = isMet(figure) === true ? 'met' : 'missed';
  return (
    `<tr><td>${escaped(name)}</td>${cells.join('')}<td>${escaped(unit)}</td>` +
    `<td class="${verdict}">${escaped(goalOf(figure))}</td><td>${chart(marks, goal)}</td></tr>`
  );
}
