import { execFileSync } from "node:child_process";
import { createServer } from "node:net";

/** Ports and address ranges that nothing on this host uses now. */
export interface FreePlaces {
  /** First of eight free ports in a row. */
  readonly portBase: number;
  readonly edgePort: number;
  readonly podCidr: string;
  readonly serviceCidr: string;
}

const ROW = 8;

export const findFreePlaces = async (): Promise<FreePlaces> => {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 900) * 10;
    const ports = Array.from({ length: ROW + 1 }, (_, i) => base + i);
    if ((await Promise.all(ports.map(isFree))).includes(false)) continue;
    return { portBase: base, edgePort: base + ROW, ...freeRanges() };
  }
};

export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });

/** Two ranges out of 10.128.0.0/9 that no route of the host mentions. */
const freeRanges = (): { podCidr: string; serviceCidr: string } => {
  const routes = execFileSync("ip", ["-4", "route"], { encoding: "utf8" });
  for (;;) {
    const second = 128 + 2 * Math.floor(Math.random() * 60);
    if (routes.includes(`10.${second}.`) || routes.includes(`10.${second + 1}.`)) continue;
    return { podCidr: `10.${second}.0.0/24`, serviceCidr: `10.${second + 1}.0.0/16` };
  }
};
