/** Where a command writes. Results go to `out`, everything else to `say`. */
export interface Terminal {
  /** One line of the result, on stdout. */
  readonly out: (line: string) => void;
  /** One line for people, on stderr. */
  readonly say: (line: string) => void;
}

export const terminal: Terminal = {
  out: (line) => void process.stdout.write(`${line}\n`),
  say: (line) => void process.stderr.write(`${line}\n`),
};
