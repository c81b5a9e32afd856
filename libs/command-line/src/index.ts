export { EXIT, EXIT_HELP, Ended, failureOf } from './exit-code';
export { onInterrupt } from './interruption';
export { openProgress, type Progress, type ProgressOptions, type ProgressScreen } from './progress';
export { createTerminal, terminal, type Terminal } from './terminal';
