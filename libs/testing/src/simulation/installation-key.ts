import { Signing } from '@perennial/engine';

/** Of the simulated installation. */
export const KEY = new TextEncoder().encode('a key for simulations');
export const signing = new Signing(KEY);
