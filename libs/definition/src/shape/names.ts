import type { Problems } from '../problems';
import type { Located } from '../yaml-tree';
import { quote } from './shape';

/** How names of one sort are spelt. */
export interface NameRule {
  /** E.g. `signal`. */
  readonly what: string;
  readonly pattern: RegExp;
  readonly check: (name: Located<string>, problems: Problems) => void;
}

/** Names of signals, states, regions, views: letters first, so that numbers, dots, `#`, `*` keep their meaning. */
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
/** Names of fields: CEL spells them `profile.<name>`, where a dash would be a minus. */
const IDENTIFIER = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

export function nameOf(what: string): NameRule {
  return rule(what, NAME, 'start with a letter, then letters, digits, - and _, at most 64 in all');
}

export function identifierOf(what: string): NameRule {
  return rule(what, IDENTIFIER, 'start with a letter, then letters, digits and _, at most 64 in all');
}

function rule(what: string, pattern: RegExp, spelling: string): NameRule {
  return {
    what,
    pattern,
    check: (name, problems) => {
      if (!pattern.test(name.value)) {
        problems.error('DEFINITION.NAME', name.at, `${quote(name.value)} cannot name a ${what}: ${spelling}.`);
      } else if (name.value in Object.prototype) {
        // Such keys mean something else to JavaScript objects, on our side and in tools that read the facts.
        problems.error('DEFINITION.NAME', name.at, `"${name.value}" cannot name a ${what}: JavaScript uses the word.`);
      }
    },
  };
}

/** Reports names that differ only in capitals: whoever reads reports or types them takes one for the other. */
export function checkNames(what: string, names: readonly Located<string>[], problems: Problems): void {
  const seen = new Map<string, string>();
  for (const { value, at } of names) {
    const earlier = seen.get(value.toLowerCase());
    if (earlier !== undefined && earlier !== value) {
      const message = `The ${what} "${value}" differs from "${earlier}" only in capitals. Rename one of them.`;
      problems.error('DEFINITION.NAME_CLASH', at, message);
    }
    seen.set(value.toLowerCase(), value);
  }
}
