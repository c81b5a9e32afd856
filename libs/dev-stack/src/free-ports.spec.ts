import { createServer } from 'node:net';
import { freePorts } from './free-ports';

it('gives different ports', async () => {
  const ports = await freePorts([null, null, null, null]);
  expect(new Set(ports).size).toBe(4);
});

it('keeps a preferred port while it is free, and finds another when it is not', async () => {
  const [port = 0] = await freePorts([null]);
  expect(await freePorts([port])).toEqual([port]);
  const taken = createServer().listen(port, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  expect(await freePorts([port])).not.toEqual([port]);
  await new Promise((resolve) => taken.close(resolve));
});
