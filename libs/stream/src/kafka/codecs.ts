import { InvariantViolation } from '@perennial/contracts';
import { decompress as readZstd } from 'fzstd';
import { CompressionCodecs, CompressionTypes } from 'kafkajs';
import createSnappy from 'kafkajs-snappy';
import { decompress as readLz4 } from 'lz4js';

/** Packs and unpacks the records of a batch, as kafkajs wants it. */
export interface Codec {
  compress(records: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(packed: Buffer): Promise<Buffer>;
}

/**
 * Makes this process read batches in every codec that producers may use. kafkajs brings gzip; snappy is read and
 * written, lz4 and zstd are read only (we write uncompressed).
 */
export function registerCodecs(): void {
  const codecs = CompressionCodecs as Record<number, () => Codec>;
  codecs[CompressionTypes.Snappy] = createSnappy;
  codecs[CompressionTypes.LZ4] = () => readOnly('lz4', readLz4);
  codecs[CompressionTypes.ZSTD] = () => readOnly('zstd', readZstd);
}

function readOnly(name: string, unpack: (packed: Uint8Array) => Uint8Array): Codec {
  return {
    compress: () =>
      Promise.reject(new InvariantViolation('STREAM.CODEC_READ_ONLY', `${name} can be read here, not written`)),
    decompress: (packed) => {
      const records = unpack(packed);
      return Promise.resolve(Buffer.from(records.buffer, records.byteOffset, records.byteLength));
    },
  };
}
