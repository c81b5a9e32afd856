/** Which deadline of a partition comes next, so that its clock keeper appends a clock record in time; and how many there are. */
import type { ClockKeeper } from './clock-keeper';
import { earliestWall, liveQueries } from './clock-firing';
import type { Commit, PartitionSession } from './ports';
import { ABANDONED, type RetryContext, retrying } from './retrying';
import type { Tally } from './tally';
import type { Tenants } from './tenants';

export class DeadlineWatch {
  /** A clock record or command was read: which deadline is next can only be asked. */
  private unknown = false;

  constructor(
    private readonly session: PartitionSession,
    private readonly context: RetryContext,
    private readonly tenants: Tenants,
    private readonly clocks: ClockKeeper,
    private armed: number,
  ) {}

  /** What is known of the next deadline holds no longer. */
  forget(): void {
    this.unknown = true;
  }

  /** Asks the store. */
  async expect(): Promise<void> {
    const queries = liveQueries(this.tenants);
    const earliest = await retrying('load', this.context, () => this.session.earliest(queries));
    if (earliest !== ABANDONED) this.clocks.expect(earliestWall(this.tenants, earliest));
  }

  /** After a commit: asks after clocks and commands, else looks at what was armed. */
  async committed({ deadlines }: Commit, tallies: Iterable<Tally>): Promise<void> {
    for (const tally of tallies) this.armed += tally.armed;
    const { observer, partition, abandoned } = this.context;
    if (abandoned()) return;
    observer.deadlinesArmed(partition, this.armed);
    if (this.unknown) {
      this.unknown = false;
      await this.expect();
      return;
    }
    const live = new Set(liveQueries(this.tenants).map(({ tenant }) => tenant));
    for (const { tenant, due } of deadlines) {
      if (due !== null && live.has(tenant)) this.clocks.armed(earliestWall(this.tenants, new Map([[tenant, due]])));
    }
  }
}
