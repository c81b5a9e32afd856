const Sequencer = require('@jest/test-sequencer').default;

/** The simulation takes longest, and its files are small: left to Jest, a worker would have it last, and the other one nothing. */
module.exports = class SlowFirst extends Sequencer {
  sort(tests) {
    const isSlow = ({ path }) => path.includes('/test/simulation/');
    const inOrder = super.sort(tests);
    return [...inOrder.filter(isSlow), ...inOrder.filter((test) => !isSlow(test))];
  }
};
