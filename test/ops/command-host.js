/**
 * Runs commands of the built `perennial`, each as its main.js does, one process for all: a process for each costs most of a
 * spec's time. It is sent { id, args, environment } and answers { id, ended }; it ends when nobody is connected any more.
 */
const { createProgram } = require('../../dist/apps/cli/src/program.js');
const { createTerminal, failureOf } = require('../../dist/libs/command-line/src/index.js');

async function run(args) {
  const [out, err] = [[], []];
  const collect = (to) => (text) => void to.push(text.replace(/\n$/, ''));
  const program = createProgram(createTerminal(collect(out), collect(err)));
  for (const command of [program, ...program.commands.flatMap((child) => [child, ...child.commands])])
    command.configureOutput({ writeOut: (text) => out.push(text), writeErr: (text) => err.push(text) });
  const ended = (code) => ({ code, out: out.join('\n'), err: err.join('\n') });
  try {
    await program.parseAsync(['node', 'perennial', ...args]);
    return ended(0);
  } catch (error) {
    const { code, text } = failureOf(error, false);
    if (text !== null) err.push(text);
    return ended(code);
  }
}

process.on('message', ({ id, args, environment }) => {
  Object.assign(process.env, environment);
  void run(args).then((ended) => process.send({ id, ended }));
});
