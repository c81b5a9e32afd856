export { EXIT, EXIT_HELP, Ended, failureOf } from './exit-code';
export { onInterrupt } from './interruption';
export { openLateProgress, openProgress, type Progress, type ProgressOptions, type ProgressScreen } from './progress';
export { createTerminal, inColumns, terminal, type Terminal } from './terminal';
