import { compile } from '@perennial/definition';
import { createPlan, definitionOf, type Plan } from '@perennial/lifecycle';
import { type ByteSlice } from '@perennial/codec';
import type { PublishedDefinition } from '../control-state';

/** Plans of one tenant: the newest for new customers, older ones for customers still in them. */
export interface TenantPlans {
  readonly newest: Plan | null;
  /** The plan of a serialized state. Null when its version was never published in this partition. */
  forState(packed: ByteSlice): Plan | null;
  forVersion(version: number): Plan | null;
}

/** Compiles each definition once for all partitions of the process. */
export class Plans {
  private readonly compiled = new Map<string, Plan | readonly string[]>();

  /** The plan of a definition's text, or what is wrong with it. */
  of(source: string): Plan | readonly string[] {
    const known = this.compiled.get(source);
    if (known !== undefined) return known;
    const compiled = compile(source);
    const plan = compiled.ok
      ? createPlan(compiled.definition)
      : compiled.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
    this.compiled.set(source, plan);
    return plan;
  }

  /** `definitions`: in the order in which they were published. */
  ofTenant(definitions: readonly Pick<PublishedDefinition, 'source'>[]): TenantPlans {
    const byVersion = new Map<number, Plan>();
    let newest: Plan | null = null;
    for (const { source } of definitions) {
      const plan = this.of(source);
      if (!isPlan(plan)) continue;
      byVersion.set(plan.definition.version, plan);
      newest = plan;
    }
    return {
      newest,
      forState: (packed) => byVersion.get(definitionOf(packed)) ?? null,
      forVersion: (version) => byVersion.get(version) ?? null,
    };
  }
}

/** Whether a definition compiled; else it is what is wrong with it. */
export const isPlan = (plan: Plan | readonly string[]): plan is Plan => !Array.isArray(plan);
