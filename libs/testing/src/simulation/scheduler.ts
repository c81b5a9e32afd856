/**
 * The one scheduler of a simulation: it owns virtual time and decides what happens next.
 *
 * Invariants
 * 1. One task runs at a time, and the next begins only when nothing of the one before can go on without another task.
 * 2. Tasks run in the order of their due times; among equals chance decides. Nothing else decides, so a seed is a run.
 */
import { setImmediate } from 'node:timers/promises';
import type { Chance } from './chance';
import type { Trace } from './trace';

interface Task {
  readonly due: number;
  readonly rank: number;
  /** Empty: of no interest to readers of the trace. */
  readonly label: string;
  readonly run: () => void;
}

export class Scheduler {
  /** Virtual milliseconds since the run began. */
  now = 0;
  private readonly heap: Task[] = [];

  constructor(
    private readonly chance: Chance,
    readonly trace: Trace,
  ) {}

  /** Returns what takes the task back. */
  after(ms: number, label: string, run: () => void): () => void {
    let wanted = true;
    const due = this.now + Math.max(0, Math.ceil(ms));
    this.push({
      due,
      rank: this.chance.next(),
      label,
      run: () => {
        if (wanted) run();
      },
    });
    return () => {
      wanted = false;
    };
  }

  /** Runs tasks until `done`, asked after each, or until virtual time is up; true when done. */
  async until(done: () => boolean, limit: number): Promise<boolean> {
    for (;;) {
      await setImmediate();
      if (done()) return true;
      const task = this.pop();
      if (task === undefined || task.due > limit) return false;
      this.now = task.due;
      if (task.label === '') this.trace.pass(task.due, task.label);
      else this.trace.note(task.due, task.label);
      task.run();
    }
  }

  private push(task: Task): void {
    const { heap } = this;
    let at = heap.push(task) - 1;
    for (let parent = (at - 1) >> 1; at > 0 && before(task, heap[parent]); parent = (at - 1) >> 1) {
      swap(heap, at, parent);
      at = parent;
    }
  }

  private pop(): Task | undefined {
    const { heap } = this;
    swap(heap, 0, heap.length - 1);
    const first = heap.pop();
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const right = left + 1;
      const least = before(heap[right], heap[left]) ? right : left;
      if (!before(heap[least], heap[at])) return first;
      swap(heap, at, least);
      at = least;
    }
  }
}

function before(a: Task | undefined, b: Task | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.due < b.due || (a.due === b.due && a.rank < b.rank);
}

function swap(heap: Task[], a: number, b: number): void {
  const [first, second] = [heap[a], heap[b]];
  if (first === undefined || second === undefined) return;
  heap[a] = second;
  heap[b] = first;
}
