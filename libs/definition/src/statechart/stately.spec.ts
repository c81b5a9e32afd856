import { type AnyStateNode, createMachine, initialTransition, transition } from 'xstate';
import { SHOP } from '../../fixtures/problem-cases';
import { compile } from '../compile';
import { type StatelyMachine, toStately } from './machine';

function stately(source: string): StatelyMachine {
  const compiled = compile(source);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return toStately(compiled.definition);
}
const REGION = 'regions: { shop: { initial: cold, states: { cold: { on: { bought: "#shop.hot" } }, hot: } } }\n';

function idsOf(node: AnyStateNode): string[] {
  return [node.id, ...Object.values(node.states).flatMap(idsOf)];
}

describe('the export to Stately', () => {
  it('of one region is its machine', () => {
    expect(stately(SHOP)).toEqual({
      id: 'stage',
      initial: 'new',
      states: {
        new: { on: { bought: { target: 'active' } } },
        active: { on: { quiet: { target: 'gone' } } },
        gone: { type: 'final' },
      },
    });
  });

  it('of several regions is one parallel machine that runs, even where a region is called like the definition', () => {
    const exported = JSON.parse(JSON.stringify(stately(SHOP + REGION))) as Parameters<typeof createMachine>[0];
    const machine = createMachine(exported);
    const [initial] = initialTransition(machine);
    const [moved] = transition(machine, initial, { type: 'bought' });
    const ids = idsOf(machine.root);
    expect(ids).toHaveLength(new Set(ids).size);
    expect(initial.value).toEqual({ stage: 'new', shop: 'cold' });
    expect(moved.value).toEqual({ stage: 'active', shop: 'hot' });
  });
});
