/**
 * The rules of evaluation once more, written naively from product.md §4 and docs/semantics.md and not from the engine's code,
 * so that it can disagree: flat states in several regions, all kinds of signals, `after`s, settling, re-entries, causes.
 * Histories come in order of time.
 */
const HOUR = 3_600_000;
const HALF_LIFE = 24 * HOUR;

export type NaiveRole = 'order' | 'visit';
export type NaiveSignal = { readonly name: string; readonly edge: boolean } & (
  | { readonly kind: 'level'; readonly least: number }
  | { readonly kind: 'absent'; readonly role: NaiveRole; readonly hours: number }
  | { readonly kind: 'pulse'; readonly role: NaiveRole }
  | { readonly kind: 'below' | 'above'; readonly threshold: number }
);
export interface NaiveState {
  readonly on: Readonly<Record<string, string>>;
  readonly after: readonly { readonly hours: number; readonly to: string }[];
}
export interface NaiveRegion {
  readonly name: string;
  readonly initial: string;
  readonly states: Readonly<Record<string, NaiveState>>;
}
export interface NaiveDefinition {
  readonly settleHours: number;
  readonly signals: readonly NaiveSignal[];
  readonly regions: readonly NaiveRegion[];
}
/** `role` null: a clock. */
export interface NaiveInput {
  readonly at: number;
  readonly role: NaiveRole | null;
}

interface Place {
  readonly region: NaiveRegion;
  state: string;
  /** When the state was entered by a move, and when it was entered or entered again. */
  since: number;
  restartedAt: number;
}
type Because = { readonly kind: 'activity'; readonly id: string } | { readonly kind: 'deadline' };

export class NaiveLifecycle {
  /** Of the inputs so far, one line each. */
  readonly facts: string[] = [];
  private readonly places: Place[] = [];
  private readonly on = new Set<string>();
  private readonly times: { at: number; role: NaiveRole }[] = [];
  private now = Number.NEGATIVE_INFINITY;
  private settleAt: number | null = null;
  private sequence = 0;
  private count = 0;
  /** How often a stage was entered. */
  private stages = 0;

  constructor(private readonly definition: NaiveDefinition) {}

  take({ at, role }: NaiveInput): void {
    const stages = this.stages;
    if (role !== null && this.places.length === 0) this.enter(at);
    if (this.places.length > 0) this.fireUpTo(at);
    if (role !== null) {
      this.times.push({ at, role });
      this.evaluate(at, { kind: 'activity', id: `a${++this.count}` }, role);
    }
    const [stage] = this.places;
    if (this.stages > stages && stage !== undefined) this.facts.push(`state ${stage.state} since ${stage.since}`);
  }

  private enter(at: number): void {
    for (const region of this.definition.regions) {
      this.places.push({ region, state: region.initial, since: at, restartedAt: at });
      this.facts.push(`${++this.sequence} ${region.name}: → ${region.initial} at ${at} by entry a1, was null`);
    }
    this.now = at;
    this.stages += 1;
  }

  private fireUpTo(end: number): void {
    for (;;) {
      const at = Math.min(...this.flipTimes(), ...this.afterTimes(), this.settleAt ?? Infinity);
      if (at > end) return;
      this.evaluate(at, { kind: 'deadline' }, null);
    }
  }

  private flipTimes(): number[] {
    return this.definition.signals.map((signal) => {
      const isOn = this.on.has(signal.name);
      if (signal.kind === 'absent') return isOn ? Infinity : this.absentAt(signal.role, signal.hours);
      if (signal.kind === 'below' && !isOn) return this.firstTime((energy) => energy < signal.threshold);
      if (signal.kind === 'above' && isOn) return this.firstTime((energy) => energy <= signal.threshold);
      return Infinity;
    });
  }

  private afterTimes(): number[] {
    return this.places.flatMap((place) => this.dueOf(place).map(({ due }) => due)).filter((due) => due > this.now);
  }

  private dueOf({ region, state, restartedAt }: Place): { due: number; to: string }[] {
    const afters = region.states[state]?.after ?? [];
    return afters.map(({ hours, to }) => ({ due: restartedAt + hours * HOUR, to })).sort((a, b) => a.due - b.due);
  }

  private absentAt(role: NaiveRole, hours: number): number {
    const last = this.times.findLast((time) => time.role === role) ?? this.times[0];
    return (last?.at ?? Infinity) + hours * HOUR;
  }

  /** Of visits, halved each day, in billionths. */
  private energyAt(at: number): number {
    const visits = this.times.filter(({ role }) => role === 'visit');
    const energy = visits.reduce((sum, visit) => sum + 2 ** (-(at - visit.at) / HALF_LIFE), 0);
    return Math.round(energy * 1e9) / 1e9;
  }

  /** The first millisecond from which on energy is like this, if nobody comes. */
  private firstTime(holds: (energy: number) => boolean): number {
    if (!this.times.some(({ role }) => role === 'visit')) return Infinity;
    let [before, after] = [this.now, this.now + 1_000 * HALF_LIFE];
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (holds(this.energyAt(middle))) after = middle;
      else before = middle;
    }
    return after;
  }

  private isOn(signal: NaiveSignal, at: number, because: Because): boolean {
    switch (signal.kind) {
      case 'level':
        if (because.kind === 'deadline') return this.on.has(signal.name);
        return this.times.filter(({ role }) => role === 'order').length >= signal.least;
      case 'absent':
        return at >= this.absentAt(signal.role, signal.hours);
      case 'below':
        return this.energyAt(at) < signal.threshold;
      case 'above':
        return this.energyAt(at) > signal.threshold;
      case 'pulse':
        return false;
    }
  }

  private evaluate(at: number, because: Because, role: NaiveRole | null): void {
    const settles = this.settleAt === at && because.kind === 'deadline';
    const afterDue = this.places.some((place) => this.dueOf(place).some(({ due }) => due === at));
    this.now = at;
    if (settles) this.settleAt = null;
    const turnedOn = new Set<string>();
    let flips = 0;
    for (const signal of this.definition.signals) {
      const isOn = this.isOn(signal, at, because);
      if (isOn === this.on.has(signal.name)) continue;
      flips += 1;
      if (isOn) {
        this.on.add(signal.name);
        turnedOn.add(signal.name);
      } else this.on.delete(signal.name);
      this.facts.push(`${signal.name} ${isOn ? 'on' : 'off'} at ${at}`);
    }
    const kind = settles && flips === 0 && !afterDue ? 'settle' : 'deadline';
    const causeOf = (name: string): string =>
      because.kind === 'activity' ? `activity ${name} ${because.id}` : `${kind} ${name}`;
    const movedBy = new Map<Place, string>();
    for (const signal of this.definition.signals) {
      const isMoment = turnedOn.has(signal.name) || (signal.kind === 'pulse' && signal.role === role);
      if (!isMoment && (!this.on.has(signal.name) || signal.edge)) continue;
      for (const place of this.places) {
        const to = place.region.states[place.state]?.on[signal.name];
        if (to === undefined) continue;
        if (to === place.state) {
          if (isMoment) place.restartedAt = at;
        } else if (!movedBy.has(place)) this.move(place, to, at, causeOf(signal.name), movedBy, signal.name);
      }
    }
    for (const place of this.places) {
      const due = this.dueOf(place).filter((after) => after.due <= at);
      for (const { to } of due) {
        if (!this.dueOf(place).some((after) => after.due <= at && after.to === to)) continue;
        if (to === place.state) place.restartedAt = at;
        else if (!movedBy.has(place)) this.move(place, to, at, 'after', movedBy, 'after');
      }
    }
    if (movedBy.size > 0) this.settleAt = this.waits(at, movedBy) ? at + this.definition.settleHours * HOUR : null;
  }

  private move(place: Place, to: string, at: number, cause: string, movedBy: Map<Place, string>, by: string): void {
    const { region, state, since } = place;
    this.facts.push(`${++this.sequence} ${region.name}: ${state} → ${to} at ${at} by ${cause}, was ${since}`);
    Object.assign(place, { state: to, since: at, restartedAt: at });
    movedBy.set(place, by);
    if (region === this.definition.regions[0]) this.stages += 1;
  }

  private waits(at: number, movedBy: ReadonlyMap<Place, string>): boolean {
    return [...movedBy].some(([place, mover]) => {
      if (this.dueOf(place).some(({ due }) => due <= at)) return true;
      return this.definition.signals.some(({ name, edge }) => {
        const to = place.region.states[place.state]?.on[name];
        return name !== mover && !edge && this.on.has(name) && to !== undefined && to !== place.state;
      });
    });
  }
}
