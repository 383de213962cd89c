import { once } from "node:events";
import type { ServiceDefinition } from "@grpc/grpc-js";
import { service } from "grpc-health-check";
import { foreignClient } from "./testing/foreign-client.ts";
import { startSpecimen } from "./testing/specimen-server.ts";

// The library's type names its own copy of the loader's types.
const definition = Object.fromEntries(
  Object.entries(service).map(([name, method]) => [name, method]),
) as unknown as ServiceDefinition;

describe("the health service", () => {
  it("answers without a token, for the server and for each service", async () => {
    await using specimen = await startSpecimen();
    using client = foreignClient(definition, specimen.server.address());
    expect(await client.unary("Check", {})).toEqual({ status: "SERVING" });
    expect(await client.unary("Check", { service: "slipway.specimen.v1.Specimen" })).toEqual({ status: "SERVING" });
    await expect(client.unary("Check", { service: "none" })).rejects.toMatchObject({ code: 5 });
  });

  it("tells watchers when the server stops serving, and ends them at the stop", async () => {
    await using specimen = await startSpecimen();
    using client = foreignClient(definition, specimen.server.address());
    const watch = client.serverStream("Watch", {});
    const next = async () => (await once(watch, "data"))[0];
    expect(await next()).toEqual({ status: "SERVING" });
    specimen.server.setServing(false);
    expect(await next()).toEqual({ status: "NOT_SERVING" });
    const ended = once(watch, "error");
    await specimen.server.stop(60_000);
    // Depending on who is faster, the status or the end of the connection is what the client sees.
    await expect(ended).resolves.toMatchObject([{ code: 14 }]);
  });
});
