import type { ContainerSpec } from "./container.ts";
import type { Program } from "./fake/programs.ts";
import type { ContainerEngine } from "./port.ts";

/** What the contract needs of an engine: its own things are told apart by `label`, and removed by `tearDown`. */
export interface ContractHarness {
  readonly engine: ContainerEngine;
  /** An image that can run every program. */
  readonly image: string;
  /** Starts every name that the contract gives. */
  readonly prefix: string;
  readonly labels: Readonly<Record<string, string>>;
  /** A /24 that nothing else uses, without its last part: `10.231.17`. */
  readonly subnet: string;
  /** The part of a spec that makes a container run `program`. */
  program(program: Program): Pick<ContainerSpec, "command" | "args">;
  tearDown(): Promise<void>;
}

/** A spec with the harness's image, label and a program. */
export const specOf = (
  { image, labels, prefix, program }: ContractHarness,
  name: string,
  runs: Program,
  more: Partial<ContainerSpec> = {},
): ContainerSpec => ({
  name: `${prefix}${name}`,
  image,
  ...program(runs),
  ...more,
  labels: { ...labels, ...more.labels },
});
