import { type Activity, type Fact } from '@perennial/contracts';
import { type CustomerId, type Instant, type Json, parseInstant } from '@perennial/values';
import { compile, type CompiledDefinition } from '@perennial/definition';
import { createPlan, type CustomerState, decide, type Decision, type Plan } from '@perennial/lifecycle';

/** The definition of a YAML text that is known to be right. */
export function definitionOf(source: string): CompiledDefinition {
  const compiled = compile(source);
  if (compiled.ok) return compiled.definition;
  throw new Error(compiled.problems.map(({ line, column, message }) => `${line}:${column} ${message}`).join('\n'));
}

/** Reads `2011-03-01`, `2011-03-01T10:00`, or a full RFC 3339 date-time, in UTC. */
export function at(text: string): Instant {
  const full = text.includes('T') ? (text.endsWith('Z') ? text : `${text}Z`) : `${text}T00:00:00Z`;
  const instant = parseInstant(full);
  if (instant === null) throw new Error(`not an instant: ${text}`);
  return instant;
}

/** One customer's story, told input by input to the pure core. */
export class Story {
  readonly facts: Fact[] = [];
  readonly decisions: Decision[] = [];
  state: CustomerState | null = null;
  private readonly plan: Plan;
  private count = 0;

  constructor(source: string) {
    this.plan = createPlan(definitionOf(source));
  }

  /** An activity `event` at `when`; its id is `a1`, `a2`, … unless given. */
  does(event: string, when: string, { id, properties }: { id?: string; properties?: Record<string, Json> } = {}): this {
    const activity: Activity = {
      id: id ?? `a${++this.count}`,
      customer: 'c1' as CustomerId,
      type: 'track',
      event,
      at: at(when),
      properties: properties ?? {},
    };
    return this.tell({ kind: 'activity', activity, statedAt: at(when), dedupe: true }, at(when));
  }

  /** The clock comes to `when`. */
  clock(when: string): this {
    return this.tell({ kind: 'clock' }, at(when));
  }

  /** Moves of all regions as text: `in-life → dormancy at 2011-03-01T00:00:00.000Z by deadline quiet`. */
  get moves(): string[] {
    return this.facts.flatMap((fact) =>
      fact.kind === 'stage-changed'
        ? [
            `${fact.path} at ${new Date(fact.occurredAt).toISOString().replace('.000Z', '')} by ${[fact.cause.kind, fact.cause.signal, fact.cause.activityId].filter((part) => part !== null).join(' ')}`,
          ]
        : [],
    );
  }

  get flips(): string[] {
    return this.facts.flatMap((fact) =>
      fact.kind === 'signal'
        ? [`${fact.signal} ${fact.change} at ${new Date(fact.occurredAt).toISOString().replace('.000Z', '')}`]
        : [],
    );
  }

  get last(): Decision {
    const decision = this.decisions.at(-1);
    if (decision === undefined) throw new Error('nothing was told yet');
    return decision;
  }

  private tell(input: Parameters<typeof decide>[1]['input'], now: Instant): this {
    const decision = decide(this.plan, { state: this.state, input, now });
    this.state = decision.state;
    this.facts.push(...decision.facts);
    this.decisions.push(decision);
    return this;
  }
}
