import type { EndpointsValue } from "@slipway/domain";
import { runCommand } from "../host/run-command.ts";
import { nftTable, nftUpdate } from "./plan/nft-table.ts";
import { type Vip, vipsOf } from "./plan/vips.ts";

const NAMESPACE = `slipnft${process.pid % 10_000}`;
const OPTIONS = {
  table: "slipway_spec",
  podCidr: "10.88.0.0/24",
  serviceCidr: "10.96.0.0/16",
  masqueradeLocal: false,
};

const nft = async (script: string): Promise<void> => {
  const args = ["netns", "exec", NAMESPACE, "nft", "-f", "-"];
  const { exitCode, output } = await runCommand("ip", args, { input: script });
  if (exitCode !== 0) throw new Error(`${output}\n${script.slice(0, 500)}`);
};
const ruleset = async (): Promise<string> =>
  (await runCommand("ip", ["netns", "exec", NAMESPACE, "nft", "list", "ruleset"])).output;

/** The table's content in an order that does not depend on how it came about. */
const content = async (): Promise<string[]> =>
  (await ruleset())
    .split(/\n|, |\{ | \}/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && line !== "elements =")
    .map((line) => line.replace(/^elements = /, "").replace(/,$/, ""))
    .sort();

const services = (count: number, podsOf: (index: number) => number): EndpointsValue[] =>
  Array.from({ length: count }, (_, index) => ({
    project: "demo",
    service: `s${index}`,
    uid: `s${index}`,
    clusterIP: `10.96.${index >> 8}.${index & 255}`,
    ...(index % 3 === 0 && { sessionAffinity: "ClientIP" }),
    ports: [{ name: "", port: 80, protocol: index % 2 === 0 ? ("TCP" as const) : ("UDP" as const) }],
    endpoints: Array.from({ length: podsOf(index) }, (_, pod) => ({
      pod: `p${pod}`,
      uid: `${index}-${pod}`,
      node: "n1",
      ip: `10.88.${index % 200}.${pod + 2}`,
      ready: true,
      ports: { "80": 8080 },
    })),
    routes: [],
    position: 1,
  }));

const vips = (count: number, podsOf: (index: number) => number): ReadonlyMap<string, Vip> =>
  vipsOf(services(count, podsOf), new Set());

beforeAll(async () => {
  await runCommand("ip", ["netns", "add", NAMESPACE]);
});
afterAll(async () => {
  await runCommand("ip", ["netns", "del", NAMESPACE]);
});

describe("the kernel's table of service addresses", () => {
  it("is the same whether written whole or changed step by step", async () => {
    const states = [
      vips(6, (index) => index % 4),
      vips(8, (index) => (index + 1) % 4),
      vips(3, () => 2),
      vips(0, () => 0),
      vips(5, (index) => index),
    ];
    let before: ReadonlyMap<string, Vip> = new Map();
    await nft(nftTable(before, OPTIONS));
    for (const after of states) {
      const update = nftUpdate(before, after, OPTIONS);
      if (update !== "") await nft(update);
      const changed = await content();
      await nft(nftTable(after, OPTIONS));
      expect(changed).toEqual(await content());
      before = after;
    }
  }, 30_000);

  it("takes a change of one service among a thousand in far less time than the whole", async () => {
    const before = vips(1_000, () => 3);
    const after = vips(1_000, (index) => (index === 500 ? 4 : 3));
    const wholeMs = await timed(() => nft(nftTable(before, OPTIONS)));
    const changeMs = await timed(() => nft(nftUpdate(before, after, OPTIONS)));
    process.stderr.write(`1,000 services: whole ${Math.round(wholeMs)} ms, one change ${Math.round(changeMs)} ms\n`);
    expect(changeMs).toBeLessThan(wholeMs);
  }, 30_000);
});

const timed = async (run: () => Promise<void>): Promise<number> => {
  const startedAt = performance.now();
  await run();
  return performance.now() - startedAt;
};
