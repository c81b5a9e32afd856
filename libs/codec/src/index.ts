export { ByteReader } from './byte-reader';
export { type ByteSlice, copySlice, NO_BYTES, sliceOf } from './byte-slice';
export { ByteWriter, NO_INSTANT } from './byte-writer';
