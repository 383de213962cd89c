import { closeSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";

const LIMIT_BYTES = 10 * 1024 * 1024;
const KEPT = 3;

/** A log file that is moved aside when it grows too large: `x.log`, `x.log.1`, `x.log.2`, … */
export class RotatingLog {
  readonly #path: string;
  #file: number;
  #bytes: number;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, "a", 0o600);
    this.#bytes = fstatSync(this.#file).size;
  }

  write(chunk: Uint8Array): void {
    // A full disk must not take the supervisor down with it: the lines are lost, the platform is not.
    try {
      if (this.#bytes + chunk.length > LIMIT_BYTES) this.#rotate();
      this.#bytes += writeSync(this.#file, chunk);
    } catch {}
  }

  close(): void {
    closeSync(this.#file);
  }

  #rotate(): void {
    closeSync(this.#file);
    for (let n = KEPT - 1; n >= 0; n--) {
      try {
        renameSync(n === 0 ? this.#path : `${this.#path}.${n}`, `${this.#path}.${n + 1}`);
      } catch {}
    }
    this.#file = openSync(this.#path, "a", 0o600);
    this.#bytes = 0;
  }
}
