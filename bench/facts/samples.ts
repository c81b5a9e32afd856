/** Histories and definitions that both builds replay: the retail sample, the files of the tutorial's pages, the lines of a mobile operator. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repository } from '@perennial/dev-stack';
import { Chance, mobileLinesCsv } from '@perennial/testing';

export interface Sample {
  readonly name: string;
  /** Of `perennial replay`, without `--facts`; paths are absolute, so it does not matter whose build reads them. */
  readonly arguments: readonly string[];
}

const sampleFile = (name: string): string => join(repository, 'deploy/sample', name);
const template = (name: string): string => join(repository, `libs/definition/templates/${name}.yaml`);

/** Writes what is no file of the repository to `folder`. Definitions are those of this tree, for both builds. */
export function samplesIn(folder: string): readonly Sample[] {
  symlinkSync(join(repository, 'deploy'), join(folder, 'deploy'));
  const written = (name: string, text: string): string => {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  const teaShop = written('shop/definition.yaml', readFileSync(template('retail'), 'utf8').replaceAll('GBP', 'EUR'));
  const site = copiedFrom('docs/tutorial/clickstream.md', written);
  const lines = written('lines.csv', mobileLinesCsv(300, 120, new Chance(6, 'lines')));
  const sample = (name: string, definition: string, input: string, ...more: readonly string[]): Sample => ({
    name,
    arguments: ['--definition', definition, '--input', input, ...more],
  });
  return [
    sample('retail: the online shop', template('retail'), sampleFile('online-retail/orders.sql')),
    sample('tutorial: the tea shop', teaShop, sampleFile('tea-shop/orders.csv'), ...TEA_SHOP),
    sample('tutorial: the SaaS company', template('b2b-saas'), sampleFile('ravenstack/accounts.sql')),
    sample('tutorial: the web site', site('site/definition.yaml'), site('site/page-views.sql')),
    sample('telecom: mobile lines', template('telecom'), lines, '--map', LINES),
  ];
}

const TEA_SHOP = [
  ...['--zone', 'Europe/Berlin', '--map'],
  "customer=Customer,timestamp=Placed at,event='Order Completed',id=Order,total=Total,currency='EUR'",
];
const LINES = 'customer=line,timestamp=at,event=event,amount=amount,change=amount';

/** The files that a page lets one write, as `cat > FILE <<'END'`; of several with one name the last. */
function copiedFrom(page: string, written: (name: string, text: string) => string): (name: string) => string {
  const text = readFileSync(join(repository, page), 'utf8');
  const files = new Map<string, string>();
  for (const [, name = '', , content = ''] of text.matchAll(/^cat > (\S+) <<'(\w+)'\n([^]*?)\n\2$/gm))
    files.set(name, written(name, `${content}\n`));
  return (name) => {
    const file = files.get(name);
    if (file === undefined) throw new Error(`${page} lets nobody write ${name}`);
    return file;
  };
}
