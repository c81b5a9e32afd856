import type { z } from 'zod';
import { variableDocs } from './variable';
import { variables } from './variables';

const HEAD = `# Configuration

Everything is set by environment variables, read once at start. A wrong value ends the program with exit code 78 and
one message that names every problem. So does an unknown name that begins with \`PERENNIAL_\`, or one that begins with \`KAFKA_\` or
\`DATABASE_\` and is nearly one of these; other names are not looked at. Values are trimmed; an empty value counts as not set.

This page is written by \`npm run generate\` from libs/config; a test fails when it is out of date.

| variable | default | unit | what it sets, and what follows |
| --- | --- | --- | --- |
`;

/** The text of docs/configuration.md. */
export function documentVariables(): string {
  return HEAD + Object.entries(variables).map(row).join('');
}

function row([name, schema]: [string, z.ZodType]): string {
  const doc = variableDocs.get(schema);
  const secret = doc?.secret === true ? ' Secret: never printed.' : '';
  return `| \`${name}\` | ${doc?.defaultText ?? defaultOf(schema)} | ${doc?.unit ?? ''} | ${doc?.about ?? ''}${secret} |\n`;
}

function defaultOf(schema: z.ZodType): string {
  const unset = schema.safeParse(undefined);
  if (!unset.success) return 'required';
  return unset.data === undefined || unset.data === ''
    ? 'none'
    : `\`${JSON.stringify(unset.data).replaceAll('"', '')}\``;
}
