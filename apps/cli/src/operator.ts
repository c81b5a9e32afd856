import { hostname, userInfo } from 'node:os';

/** Who runs the command, as records of what operators did name them. */
export function operator(): string {
  return `${userInfo().username}@${hostname()}`;
}
