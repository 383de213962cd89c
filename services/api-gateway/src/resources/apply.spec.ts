import { type GatewayHarness, startGatewayHarness } from "../testing/gateway-harness.ts";
import { project, service } from "../testing/objects.ts";

let harness: GatewayHarness;
beforeEach(async () => {
  harness = await startGatewayHarness();
});
afterEach(() => harness.stop());

describe("Apply", () => {
  it("creates what is not there, changes what is, and leaves alone what is as wished", async () => {
    const created = await harness.apply(service("web"), project());
    expect(created.results.map(({ action }) => action)).toEqual(["created", "created"]);
    expect(await harness.log.head()).toBe(3);
    const again = await harness.apply(service("web"), project());
    expect(again.results.map(({ action }) => action)).toEqual(["unchanged", "unchanged"]);
    expect(await harness.log.head()).toBe(3);
    const changed = await harness.apply(service("web", { ports: [{ port: 81 }] }));
    expect(changed).toMatchObject({ position: 4n, results: [{ action: "configured" }] });
  });
});
