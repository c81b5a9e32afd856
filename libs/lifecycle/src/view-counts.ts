import { labelOf, type Views } from '@perennial/definition';
import { activeStates, type Configuration } from './chart';
import { increase, type ViewCounts } from './replay-summary';

/** Of customers counted by where they stand in the stage region: how many have each label of each view. */
export function viewCounts(
  views: Views,
  standing: ReadonlyMap<Configuration, number>,
): Readonly<Record<string, ViewCounts>> {
  const counted = Object.entries(views).map(([name, view]) => {
    const customers = new Map<string, number>();
    for (const [configuration, count] of standing)
      increase(customers, labelOf(view, activeStates(configuration)), count);
    const labels = Object.entries(view).map(([label, states]) => {
      return [label, states.length === 0 ? null : (customers.get(label) ?? 0)] as const;
    });
    return [name, Object.fromEntries(labels)] as const;
  });
  return Object.fromEntries(counted);
}
