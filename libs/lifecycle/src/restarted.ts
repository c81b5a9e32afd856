/**
 * Which `after`s a transition starts anew: those of the states that it enters.
 *
 * A transition leaves what is inside its domain, and enters what is inside it afterwards. The domain is the state that has
 * the transition when the target lies inside it, else the innermost state around both; a history target counts as the place
 * where it stands. XState alone does not tell: of histories it names states as entered that were not left, and as left that
 * it does not name as entered (docs/semantics.md).
 */
/** A state of a chart, as XState's state nodes are. Its id is its path, with a dot between names. */
export interface StateNode {
  readonly id: string;
  readonly after: readonly { readonly eventType: string; readonly delay?: unknown }[];
}

export interface TransitionRange {
  readonly source: StateNode;
  readonly target: readonly StateNode[] | undefined;
  readonly reenter: boolean;
}

/** The events of the `after`s that begin with the active states `to`; `touched`: those that XState started or cancelled. */
export function restartedEvents(
  from: readonly StateNode[],
  to: readonly StateNode[],
  transitions: readonly TransitionRange[],
  touched: ReadonlySet<string>,
): ReadonlySet<string> {
  const active = new Set(from.map(({ id }) => id));
  const domains = transitions.map(domainOf);
  const isEntered = ({ id }: StateNode, event: string): boolean =>
    !active.has(id) || (touched.has(event) && domains.some((domain) => isInside(id, domain)));
  return new Set(
    to.flatMap((node) => node.after.map(({ eventType }) => eventType).filter((event) => isEntered(node, event))),
  );
}

function domainOf({ source, target = [], reenter }: TransitionRange): string {
  const isAround = (domain: string): boolean => target.every(({ id }) => isInside(id, domain));
  if (!reenter && isAround(source.id)) return source.id;
  let domain = parentOf(source.id);
  while (domain !== '' && !isAround(domain)) domain = parentOf(domain);
  return domain;
}

const isInside = (id: string, domain: string): boolean => domain === '' || id.startsWith(`${domain}.`);

const parentOf = (id: string): string => id.slice(0, Math.max(0, id.lastIndexOf('.')));
