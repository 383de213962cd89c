import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { until } from "./until.ts";

/** A process of the platform, as its supervisor sees it. */
export interface PartRow {
  readonly name: string;
  readonly state: string;
  readonly pid?: number;
  readonly restarts: number;
}

interface SupervisorAnswer {
  readonly pid: number;
  readonly phase: string;
  readonly parts: readonly PartRow[];
}

/** What the supervisor of a home says of itself and its parts; fails when there is none. */
const askSupervisor = (home: string): Promise<SupervisorAnswer> =>
  new Promise((resolve, reject) => {
    const socket = connect(join(home, "run", "control.sock"));
    let text = "";
    socket.on("connect", () => socket.write('{"op":"status"}\n'));
    socket.on("data", (chunk) => {
      text += chunk.toString("utf8");
    });
    socket.on("error", reject);
    socket.on("end", () => resolve(JSON.parse(text) as SupervisorAnswer));
  });

const pidIn = ({ pid, parts }: SupervisorAnswer, part: string): number | undefined =>
  part === "supervisor" ? pid : parts.find(({ name }) => name === part)?.pid;

/** The process id of a part, or of `supervisor`. */
export const pidOf = async (home: string, part: string): Promise<number> => {
  const pid = pidIn(await askSupervisor(home), part);
  if (pid === undefined) throw new Error(`${part} does not run.`);
  return pid;
};

/** The edge runs on its own, beside the supervisor's parts. */
export const haproxyPid = (home: string): number =>
  Number(
    readFileSync(join(home, "node", "edge", "haproxy.pid"), "utf8")
      .trim()
      .split("\n")
      .at(-1),
  );

/** Waits until every part is ready and `part`, given its process id of before, is another process. */
export const untilWhole = (home: string, part: string, before: number, withinMs = 60_000): Promise<true> =>
  until(
    `${part} is back and all parts are ready`,
    async () => {
      const answer = await askSupervisor(home);
      const now = pidIn(answer, part);
      const whole = answer.phase === "running" && answer.parts.every(({ state }) => state === "ready");
      return whole && now !== undefined && now !== before ? true : undefined;
    },
    withinMs,
  );
