import { stopServers } from './servers';

/** Jest's globalTeardown. */
export default stopServers;
