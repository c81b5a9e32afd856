import { Command } from 'commander';
import type { Terminal } from '@perennial/command-line';
import { testLifecycles } from '../lifecycle-tests/test-lifecycles';
import type { TestOptions } from '../lifecycle-tests/test-lifecycles';

const HELP = `
A test says what activities come and when, and what has to become of the customer. No server is needed: the clock is virtual,
and the rules are the engine's own. docs/lifecycle-tests.md has every key, and how an editor can complete them.

  kind: LifecycleTests
  definition: ../definition.yaml            # from this file, or the name of a template such as retail
  tests:
    - name: 60 days without an order are noticed
      steps:
        - activity: { event: Order Completed, properties: { total: 25.00, currency: GBP } }
          expect: { stage: activation, deadlines: { quiet: P60D } }
        - after: P60D
          expect: { stage: dormancy, moves: [{ from: activation, to: dormancy, cause: quiet }] }

Exit codes: 0 all passed, 1 a test failed, 2 a file or a definition is wrong (problems go to stderr as file:line:column).

Examples:
  perennial test                                       every *.lifecycle.yaml in this folder and below
  perennial test shop/tests --verbose                  those of a folder, each test by name
  perennial test shop/tests/retail.lifecycle.yaml --watch
  perennial test --junit build/lifecycle.xml           for CI servers`;

export function testCommand(terminal: Terminal): Command {
  return new Command('test')
    .description('run lifecycle tests (*.lifecycle.yaml) under a virtual clock, without a server')
    .argument('[files...]', 'test files, or folders that have some (default: this folder)')
    .option('--junit <file>', 'write the results as JUnit XML, too')
    .option('--json', 'print the results as one line of JSON', false)
    .option('--verbose', 'name each test', false)
    .option('--watch', 'run again when a test or a definition changes, until Ctrl-C', false)
    .addHelpText('after', HELP)
    .action((files: readonly string[], options: TestOptions) => testLifecycles(files, options, terminal));
}
