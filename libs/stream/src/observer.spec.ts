import { watchLink } from './observer';

it('a link is connected as long as it answers when it is asked, though nobody uses it', async () => {
  jest.useFakeTimers();
  const states: string[] = [];
  let answers = true;
  const end = watchLink(
    'probe',
    () => (answers ? Promise.resolve() : Promise.reject(new Error('no answer'))),
    ({ link, state, reason }) => states.push([link, state, reason].join(' ')),
  );
  await jest.advanceTimersByTimeAsync(0);
  answers = false;
  await jest.advanceTimersByTimeAsync(5_000);
  end();
  await jest.advanceTimersByTimeAsync(20_000);
  jest.useRealTimers();
  expect(states).toEqual(['probe connected ', 'probe waiting no answer']);
});
