export { ByteReader } from './byte-reader';
export { type ByteSlice, copySlice, NO_BYTES, sliceOf } from './byte-slice';
export { ByteWriter } from './byte-writer';
export { NO_INSTANT } from './profile-number';
