/** Checkpoints of one database, one at a time: together they take their share of it, not all of it. */
export class CheckpointQueue {
  private last: Promise<void> = Promise.resolve();

  /** Runs after all that were asked for before, however those ended. */
  run(work: () => Promise<void>): Promise<void> {
    const mine = this.last.then(work);
    this.last = mine.catch(() => undefined);
    return mine;
  }
}
