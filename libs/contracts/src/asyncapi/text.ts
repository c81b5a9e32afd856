import { stringify } from 'yaml';
import { asyncApiDocument, type DeclaredTopic } from './document';

const NOTE = '# Generated from libs/contracts by `npm run generate`; do not edit.\n';

/** docs/asyncapi/asyncapi.yaml. */
export function asyncApiText(version: string, topics: readonly DeclaredTopic[]): string {
  return NOTE + stringify(asyncApiDocument(version, topics), { lineWidth: 120, aliasDuplicateObjects: false });
}
