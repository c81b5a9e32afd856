import { describeGoingOn } from './going-on';
import { onStack } from './on-stack';

describeGoingOn('under `perennial up`', onStack);
