import { shares } from './shares';

const node = (id: number, functionName: string, url: string, children: number[] = []) => ({
  id,
  callFrame: { functionName, url },
  children,
});

it('time is that of the file of the function, and of a library that of its caller', () => {
  const profile = {
    nodes: [
      node(1, '(root)', '', [2, 4]),
      node(2, 'decideActivity', 'file:///dist/libs/lifecycle/src/decide.js', [3]),
      node(3, 'max', ''),
      node(4, '(garbage collector)', ''),
    ],
    samples: [2, 3, 4, 1],
    timeDeltas: [5, 7, 10, 1],
  };
  expect(shares(profile)).toEqual([
    { part: 'decide: dedupe, fold, signal, step', micros: 12 },
    { part: 'garbage collection', micros: 10 },
    { part: 'the rest', micros: 1 },
  ]);
});
