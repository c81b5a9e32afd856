import { copyFrames } from './copy-in';

it('rows are framed as binary COPY reads them', () => {
  const states = [
    { key: 'bench:ä', label: 'in-life', version: 2 ** 40, packed: Uint8Array.of(1, 2, 3) },
    { key: 'bench:b', label: '', version: 1, packed: new Uint8Array(0) },
  ];
  const fieldOf = (bytes: Uint8Array): Buffer => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  const eight = (value: number): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(BigInt(value));
    return bytes;
  };
  const rows = states.map(({ key, label, version, packed }) =>
    Buffer.concat([
      Uint8Array.of(0, 5),
      fieldOf(Uint8Array.of(0, 0, 0, 3)),
      ...[Buffer.from(key), Buffer.from(label), eight(version), packed].map(fieldOf),
    ]),
  );
  const head = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex');
  expect(copyFrames(3, states).toString('hex')).toBe(
    Buffer.concat([head, ...rows, Uint8Array.of(0xff, 0xff)]).toString('hex'),
  );
});
