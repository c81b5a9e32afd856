/** What a worker thread runs: the questions about one share, one by one. What goes wrong ends the thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { openShareReplay, type ShareJob, type ShareReplay } from './share-replay';
import type { Question } from './share-thread';

async function main(): Promise<void> {
  const { definition, ...job } = workerData as ShareJob;
  const { compile } = await import('@perennial/definition');
  const compiled = compile(definition);
  if (!compiled.ok) throw new Error('The definition does not compile in a worker thread.');
  const share = await openShareReplay(compiled.definition, job);
  parentPort?.on('message', (question: Question) => {
    parentPort?.postMessage(answerTo(share, question));
  });
}

function answerTo(share: ShareReplay, question: Question): unknown {
  switch (question.kind) {
    case 'take':
      return share.take(question.sheet);
    case 'finish':
      return share.finish(question.before);
    case 'summary':
      return share.summary();
  }
}

void main();
