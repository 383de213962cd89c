/**
 * What a container of the fake engine does when it runs. A spec whose command is `["fake", JSON of a Program]` carries
 * its own; else the image's program counts; else it runs for ever and ends with 143 when it is asked to.
 */
export interface Program {
  /** Lines written as soon as it starts. */
  readonly stdout?: readonly string[];
  readonly stderr?: readonly string[];
  /** Absent: it does not end by itself. */
  readonly exitAfterMs?: number;
  /** Its code when it ends by itself. Default 0. */
  readonly exitCode?: number;
  /** The kernel ends it: 137 and `oomKilled`. */
  readonly oom?: boolean;
  /** Only KILL ends it. */
  readonly ignoresTerm?: boolean;
  /** `start` fails with this `fields.reason`. */
  readonly startFails?: string;
  /** Writes to stdout what it reads on stdin, and ends when that ends. */
  readonly echoesStdin?: boolean;
}

/** The command of a spec that carries its program. */
export const fakeCommand = (program: Program): string[] => ["fake", JSON.stringify(program)];

export const programOf = (command: readonly string[], ofImage: Program | undefined): Program =>
  command[0] === "fake" && command[1] !== undefined ? (JSON.parse(command[1]) as Program) : (ofImage ?? {});
