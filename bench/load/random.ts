/** Random numbers that depend on the seed alone (sfc32). */
export class Random {
  private a: number;
  private b: number;
  private c = 0x2545f491;
  private counter = 1;

  constructor(seed: number) {
    this.a = seed | 0;
    this.b = Math.imul(seed, 0x9e3779b1) | 0;
    for (let i = 0; i < 16; i++) this.bits();
  }

  /** 32 bits, signed. */
  bits(): number {
    const mixed = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = ((this.c << 21) | (this.c >>> 11)) + mixed;
    return mixed;
  }

  /** In [0, 1). */
  fraction(): number {
    return (this.bits() >>> 0) / 2 ** 32;
  }

  /** In [0, below). */
  below(below: number): number {
    return Math.floor(this.fraction() * below);
  }

  /** A version 4 UUID in lower case. */
  uuid(): string {
    const hex = this.hex() + this.hex() + this.hex() + this.hex();
    const variant = '89ab'[this.below(4)] ?? '8';
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  private hex(): string {
    return (this.bits() >>> 0).toString(16).padStart(8, '0');
  }
}
